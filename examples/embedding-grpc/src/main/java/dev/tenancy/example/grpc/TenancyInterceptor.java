package dev.tenancy.example.grpc;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import dev.tenancy.Admission;
import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantRequest;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

// region adapter
/** Lets calls through to services as the library says: the whole adapter between it and gRPC. */
record TenancyInterceptor(Tenancy tenancy) implements ServerInterceptor {
    /** For services that want what a guard handed over. */
    static final Context.Key<Admitted> ADMITTED = Context.key("admitted");

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Admission admission = tenancy.admit(request(call.getMethodDescriptor(), headers));
        if (admission instanceof Admission.Denied denied) {
            close(call, denied.problem());
            return new ServerCall.Listener<>() {};
        }
        Admitted admitted = (Admitted) admission;
        ServerCall<Q, A> ofTenant = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                if (status.isOk()) {
                    admitted.markSucceeded();
                }
                admitted.close();
                if (status.getCause() == null) {
                    super.close(status, trailers);
                } else {
                    TenancyInterceptor.close(call, Problems.answerTo(status.getCause()));
                }
            }
        };
        Context context = Context.current().withValue(ADMITTED, admitted);
        return new SimpleForwardingServerCallListener<>(Contexts.interceptCall(context, ofTenant, headers, next)) {
            @Override
            public void onHalfClose() {
                try {
                    TenantContext.run(admitted.identity(), super::onHalfClose);
                } catch (RuntimeException failure) {
                    ofTenant.close(Status.INTERNAL.withCause(failure), new Metadata());
                }
            }

            @Override
            public void onMessage(Q message) {
                TenantContext.run(admitted.identity(), () -> super.onMessage(message));
            }

            @Override
            public void onCancel() {
                TenantContext.run(admitted.identity(), super::onCancel);
                admitted.close();
            }
        };
    }

    private static TenantRequest request(MethodDescriptor<?, ?> method, Metadata headers) {
        TenantRequest.Builder request = TenantRequest.builder().method("POST").target("/" + method.getFullMethodName());
        headers.keys().stream()
                .filter(name -> !name.endsWith(Metadata.BINARY_HEADER_SUFFIX))
                .forEach(name -> headers.getAll(Metadata.Key.of(name, ASCII_STRING_MARSHALLER))
                        .forEach(value -> request.header(name, value)));
        return request.build();
    }

    private static void close(ServerCall<?, ?> call, Problem problem) {
        Metadata trailers = new Metadata();
        problem.headers().forEach((name, value) -> trailers.put(Metadata.Key.of(name, ASCII_STRING_MARSHALLER), value));
        call.close(Status.fromCodeValue(problem.grpcCode()).withDescription(problem.detail()), trailers);
    }
}
// endregion
