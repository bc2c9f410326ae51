package dev.tenancy.example.grpc;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The methods of the service, whose messages are JSON and plain text, so that nothing has to be generated. */
final class NotesMethods {
    static final String SERVICE = "notes.Notes";
    static final MethodDescriptor<String, String> ADD = unary("Add");
    static final MethodDescriptor<String, String> LIST = unary("List");
    static final MethodDescriptor<String, String> LIST_SLOWLY = unary("ListSlowly");
    static final MethodDescriptor<String, String> GET = unary("Get");
    static final MethodDescriptor<String, String> SPENT = unary("Spent");
    static final MethodDescriptor<String, String> FOLLOW =
            method("Follow", MethodDescriptor.MethodType.SERVER_STREAMING);

    private NotesMethods() {}

    private static MethodDescriptor<String, String> unary(String name) {
        return method(name, MethodDescriptor.MethodType.UNARY);
    }

    private static MethodDescriptor<String, String> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
