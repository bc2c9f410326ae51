/** Tenancy as an interceptor of a gRPC server. */
@NullMarked
package dev.tenancy.example.grpc;

import org.jspecify.annotations.NullMarked;
