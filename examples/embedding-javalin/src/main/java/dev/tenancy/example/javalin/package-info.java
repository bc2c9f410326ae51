/** Tenancy in front of handlers of Javalin. */
@NullMarked
package dev.tenancy.example.javalin;

import org.jspecify.annotations.NullMarked;
