/** What the stores have in common. Not exported. */
@NullMarked
package dev.tenancy.ratelimit.internal;

import org.jspecify.annotations.NullMarked;
