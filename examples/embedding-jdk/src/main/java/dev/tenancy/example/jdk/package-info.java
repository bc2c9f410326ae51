/** Tenancy in front of handlers of the JDK's HTTP server. */
@NullMarked
package dev.tenancy.example.jdk;

import org.jspecify.annotations.NullMarked;
