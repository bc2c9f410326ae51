/** Random work of many tenants on few connections, against a model of what each of them must see. */
@NullMarked
package dev.tenancy.jdbc.torture;

import org.jspecify.annotations.NullMarked;
