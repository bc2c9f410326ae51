/** Makes the resolver from its settings; found by {@link java.util.ServiceLoader}. */
@NullMarked
package dev.tenancy.jwt.internal;

import org.jspecify.annotations.NullMarked;
