/** An agent platform for many tenants over HTTP: how a host uses the library. */
@NullMarked
package dev.tenancy.example.gateway;

import org.jspecify.annotations.NullMarked;
