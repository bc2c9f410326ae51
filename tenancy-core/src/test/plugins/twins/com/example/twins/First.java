package com.example.twins;

import dev.tenancy.TenantResolver;

/** Provides a twin by a method, as only a module can. */
public final class First {

    private First() {}

    public static TenantResolver provider() {
        return new Twin();
    }
}
