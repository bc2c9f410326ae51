/** What several packages of this module share, and nobody else sees. */
@NullMarked
package dev.tenancy.internal;

import org.jspecify.annotations.NullMarked;
