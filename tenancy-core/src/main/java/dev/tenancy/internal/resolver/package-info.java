/** Makes the built-in resolvers from their settings; found by {@link java.util.ServiceLoader}. */
@NullMarked
package dev.tenancy.internal.resolver;

import org.jspecify.annotations.NullMarked;
