/** A resolver of one's own: it believes a header that a proxy in front has signed. */
@NullMarked
package dev.tenancy.example.resolver;

import org.jspecify.annotations.NullMarked;
