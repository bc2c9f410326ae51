/** SQL that an attacker writes, on a connection that is bound under seal. */
@NullMarked
package dev.tenancy.jdbc.attack;

import org.jspecify.annotations.NullMarked;
