package dev.tenancy.testing;

import dev.tenancy.TenantRequest;
import java.util.ArrayList;
import java.util.List;

/** Requests that nobody sends by accident. */
final class HostileRequests {
    private static final String LONG = "a.".repeat(50_000);

    private static final List<String> VALUES = List.of(
            "",
            " ",
            "Bearer",
            "Bearer ",
            "Bearer \u0000",
            "Basic Og==",
            "\"",
            "\"\"",
            "=",
            ";;=;",
            "=;\"=\"",
            "\uD800",
            "\u0130\u212A\uFF0E",
            "..",
            "%",
            "%zz",
            "%00",
            "%C0%AE",
            "\r\nX-Injected: yes",
            LONG);

    private static final List<String> TARGETS = List.of(
            "",
            "*",
            "/",
            "//",
            "/%",
            "/?",
            "/?&&==&",
            "/?%zz=%zz&%=%",
            "/../..",
            "/%2e%2e%2f",
            "/\\..\\",
            "/;/;x=y",
            "/\u0000",
            "/\uDC00?\uDC00=\uDC00",
            "http://example.com/x",
            "/%" + "25".repeat(5_000),
            "/" + LONG,
            "/" + "/".repeat(50_000),
            "/?" + "a&".repeat(50_000));

    private static final List<String> AUTHORITIES = List.of(
            "", " ", ":", ":80", "@", "user@", ".", "..", "[", "[]", "[::1", "[::1]:x", "a:b:c", "a..b", "%61", "-",
            "\u0000", "\uD800", LONG);

    private static final List<String> FIELDS = List.of("Authorization", "Cookie", "Host", "X-Tenant", "X-Api-Key");

    private HostileRequests() {}

    static List<TenantRequest> all() {
        List<TenantRequest> all = new ArrayList<>();
        TARGETS.forEach(target -> all.add(TenantRequest.builder().target(target).build()));
        AUTHORITIES.forEach(authority ->
                all.add(TenantRequest.builder().authority(authority).build()));
        for (String field : FIELDS) {
            VALUES.forEach(value ->
                    all.add(TenantRequest.builder().header(field, value).build()));
            TenantRequest.Builder many = TenantRequest.builder();
            VALUES.forEach(value -> many.header(field, value));
            all.add(many.build());
        }
        return all;
    }
}
