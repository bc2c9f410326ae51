/** What all embeddings promise, tested over the wire. */
@NullMarked
package dev.tenancy.example.contract;

import org.jspecify.annotations.NullMarked;
