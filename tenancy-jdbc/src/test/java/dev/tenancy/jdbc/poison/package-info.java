/**
 * What one tenant may leave in a pooled session for the next one, each seen to do harm to a pool without protection.
 */
@NullMarked
package dev.tenancy.jdbc.poison;

import org.jspecify.annotations.NullMarked;
