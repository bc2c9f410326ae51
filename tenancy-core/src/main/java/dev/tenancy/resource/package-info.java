/** One lazily made resource for each identity: a connection pool, an HTTP client, a model client. */
@NullMarked
package dev.tenancy.resource;

import org.jspecify.annotations.NullMarked;
