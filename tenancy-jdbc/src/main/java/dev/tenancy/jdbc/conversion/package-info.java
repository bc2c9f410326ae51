/** Makes a schema that was written for one tenant, or for nobody in particular, a schema of many. */
@NullMarked
package dev.tenancy.jdbc.conversion;

import org.jspecify.annotations.NullMarked;
