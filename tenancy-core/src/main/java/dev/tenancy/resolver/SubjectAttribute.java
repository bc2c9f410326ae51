package dev.tenancy.resolver;

import dev.tenancy.Resolution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** One attribute of a distinguished name. */
record SubjectAttribute(String type) {
    private static final List<String> TYPES = List.of("CN", "L", "ST", "O", "OU", "C", "STREET", "DC", "UID");

    /** {@return the attribute of this type; empty, and a fault more, if there is no such type} */
    static Optional<SubjectAttribute> of(String type, List<String> faults) {
        String upper = type.toUpperCase(Locale.ROOT);
        if (TYPES.contains(upper)) {
            return Optional.of(new SubjectAttribute(upper));
        }
        faults.add("the attribute of the subject is bad; allowed: " + String.join(", ", TYPES));
        return Optional.empty();
    }

    /** Reads the one value in {@code subject}, a name in the form of RFC 2253, and lets {@code verifier} judge it. */
    Resolution read(String subject, Function<String, Resolution> verifier) {
        List<Object> values = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(subject).getRdns()) {
                @Nullable Attribute attribute = rdn.toAttributes().get(type);
                if (attribute == null) {
                    continue;
                }
                if (rdn.size() > 1) {
                    return Resolution.rejected(type + " stands in a part of the subject that has several values");
                }
                values.addAll(Collections.list(attribute.getAll()));
            }
        } catch (InvalidNameException malformed) {
            return Resolution.rejected("the certificate's subject is malformed");
        } catch (NamingException impossible) {
            throw new IllegalStateException("values in memory can be read", impossible);
        }
        if (values.isEmpty()) {
            return Resolution.unrecognized();
        }
        return values.size() == 1 && values.get(0) instanceof String text
                ? verifier.apply(text)
                : Resolution.rejected(type + " of the certificate's subject is not one text");
    }
}
