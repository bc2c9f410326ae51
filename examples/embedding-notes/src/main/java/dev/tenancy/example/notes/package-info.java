/** Notes, as an application keeps them that knows no server. */
@NullMarked
package dev.tenancy.example.notes;

import org.jspecify.annotations.NullMarked;
