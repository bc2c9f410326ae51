package dev.tenancy.catalog;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.internal.PropertiesFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a file of tenants to its end, and finds all that is wrong with it. */
final class TenantsFile {
    private static final String PREFIX = "tenant[";
    private static final Pattern KEY = Pattern.compile("tenant\\[([^\\[\\]]*)]\\.(status|readable|setting\\.(\\S+))");
    private static final String NOT_A_SETTING =
            " is not a setting of a tenant; allowed: tenant[ID].status, tenant[ID].readable, tenant[ID].setting.NAME";

    private final Map<TenantId, Draft> drafts = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    private TenantsFile() {}

    /**
     * The tenants in {@code path}, by id.
     *
     * @throws TenancyConfigException if there are none, or faults; names all
     */
    static Map<TenantId, Tenant> read(Path path) {
        PropertiesFile file = PropertiesFile.read(path, key -> key.startsWith(PREFIX));
        TenantsFile reading = new TenantsFile();
        reading.faults.addAll(file.faults());
        file.foreign().forEach(place -> reading.faults.add(place + NOT_A_SETTING));
        file.settings().forEach(reading::add);
        return reading.tenants(path);
    }

    private Map<TenantId, Tenant> tenants(Path path) {
        drafts.forEach((id, draft) -> {
            if (!draft.hasStatus) {
                faults.add("tenant " + id + " (" + draft.place + ") has no status; allowed: active, suspended");
            }
        });
        if (faults.isEmpty() && drafts.isEmpty()) {
            faults.add("file " + path + " names no tenant; a tenant is there if it has a status");
        }
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(faults);
        }
        return drafts.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, draft -> draft.getValue().tenant.build()));
    }

    private void add(String key, PropertiesFile.Setting setting) {
        String which = "'" + key + "' (" + setting.place() + ")";
        Matcher parts = KEY.matcher(key);
        if (!parts.matches()) {
            faults.add(which + NOT_A_SETTING);
            return;
        }
        try {
            TenantId id = exactly(parts.group(1));
            Draft draft = drafts.computeIfAbsent(id, first -> new Draft(first, setting.place()));
            String value = setting.value().strip();
            switch (parts.group(2)) {
                case "status" -> draft.setStatus(value);
                case "readable" -> draft.tenant.readableTenants(readable(value));
                default -> draft.tenant.setting(parts.group(3), notBlank(value));
            }
        } catch (BadValue bad) {
            faults.add(which + " " + bad.getMessage());
        }
    }

    private static Set<TenantId> readable(String value) throws BadValue {
        Set<TenantId> tenants = new LinkedHashSet<>();
        for (String name : value.split(",", -1)) {
            if (!tenants.add(exactly(name.strip()))) {
                throw new BadValue("names a tenant twice");
            }
        }
        return tenants;
    }

    private static TenantId exactly(String name) throws BadValue {
        try {
            TenantId id = TenantId.of(name);
            if (id.value().equals(name)) {
                return id;
            }
            throw new BadValue("has white space around a tenant id");
        } catch (InvalidTenantIdException invalid) {
            throw new BadValue("has a bad tenant id: " + invalid.fault());
        }
    }

    private static String notBlank(String value) throws BadValue {
        if (value.isEmpty()) {
            throw new BadValue("is blank; leave it out if there is nothing to say");
        }
        return value;
    }

    /** A tenant, of which the rest is yet to be read. */
    private static final class Draft {
        private final Tenant.Builder tenant;
        private final String place;
        private boolean hasStatus;

        private Draft(TenantId id, String place) {
            this.tenant = Tenant.builder(id);
            this.place = place;
        }

        private void setStatus(String value) throws BadValue {
            hasStatus = true;
            tenant.status(
                    switch (value) {
                        case "active" -> Tenant.Status.ACTIVE;
                        case "suspended" -> Tenant.Status.SUSPENDED;
                        default -> throw new BadValue("has a bad value; allowed: active, suspended");
                    });
        }
    }

    /** Says what is wrong, without the value. */
    private static final class BadValue extends Exception {
        private static final long serialVersionUID = 1L;

        private BadValue(String fault) {
            super(fault);
        }
    }
}
