/**
 * The resolvers that need nothing but the request.
 *
 * <p>An API key proves its tenant. A client certificate and a principal prove it if the host verified them. A header, a
 * cookie, a host name and a path only name a tenant: believe them if something in front of the server does the proving.
 * A fixed resolver is for requests that present nothing.
 */
@NullMarked
package dev.tenancy.resolver;

import org.jspecify.annotations.NullMarked;
