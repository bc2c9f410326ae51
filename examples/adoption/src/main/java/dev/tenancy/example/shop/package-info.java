/** A shop as it was written before anybody thought of tenants. */
@NullMarked
package dev.tenancy.example.shop;

import org.jspecify.annotations.NullMarked;
