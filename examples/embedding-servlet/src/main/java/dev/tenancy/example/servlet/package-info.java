/** Tenancy as a filter in front of servlets. */
@NullMarked
package dev.tenancy.example.servlet;

import org.jspecify.annotations.NullMarked;
