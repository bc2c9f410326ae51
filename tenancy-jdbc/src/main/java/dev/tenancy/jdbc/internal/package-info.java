/** What the packages of this module share. */
@NullMarked
package dev.tenancy.jdbc.internal;

import org.jspecify.annotations.NullMarked;
