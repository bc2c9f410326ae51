/**
 * Tenants of Jakarta Servlet requests. Needs {@code jakarta.servlet-api} 6.0 or newer, which the host brings.
 *
 * <p>{@link dev.tenancy.servlet.TenancyFilter} is also the example to follow for other servers: it admits, opens the
 * context, answers refusals and failures, and closes, and no more.
 */
@NullMarked
package dev.tenancy.servlet;

import org.jspecify.annotations.NullMarked;
