package dev.tenancy.example.shop;

import java.security.Principal;

/**
 * Who has logged in.
 *
 * @param email is the name
 * @param organization whose employee it is
 */
record User(String email, long organization) implements Principal {
    @Override
    public String getName() {
        return email;
    }
}
