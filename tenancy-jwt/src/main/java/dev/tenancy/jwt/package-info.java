/** The resolver that proves a tenant by a signed token. */
@NullMarked
package dev.tenancy.jwt;

import org.jspecify.annotations.NullMarked;
