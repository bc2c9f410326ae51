/** The resolvers that need nothing but the request: header, API key, fixed. */
@NullMarked
package dev.tenancy.resolver;

import org.jspecify.annotations.NullMarked;
