/** Tenancy in a Spring Boot application. */
@NullMarked
package dev.tenancy.example.spring;

import org.jspecify.annotations.NullMarked;
