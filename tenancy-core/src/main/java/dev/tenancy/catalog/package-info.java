/** Catalogs of tenants: from a properties file, and a cache for those that ask a database. */
@NullMarked
package dev.tenancy.catalog;

import org.jspecify.annotations.NullMarked;
