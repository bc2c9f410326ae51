package dev.tenancy;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Responses that are only promised: their work would go on when the request has ended, and for nobody. */
final class Unfinished {

    /** Reactor, RxJava and others: an interface of a library that this one does without. */
    private static final String REACTIVE = "org.reactivestreams.Publisher";

    private static final ClassValue<Boolean> TYPES = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return CompletionStage.class.isAssignableFrom(type)
                    || Future.class.isAssignableFrom(type)
                    || Flow.Publisher.class.isAssignableFrom(type)
                    || isReactive(type);
        }
    };

    private Unfinished() {}

    static boolean is(@Nullable Object response) {
        return response != null && TYPES.get(response.getClass());
    }

    static String nameOf(@Nullable Object response) {
        return response == null ? "null" : response.getClass().getName();
    }

    private static boolean isReactive(@Nullable Class<?> type) {
        if (type == null) {
            return false;
        }
        if (type.getName().equals(REACTIVE) || isReactive(type.getSuperclass())) {
            return true;
        }
        for (Class<?> parent : type.getInterfaces()) {
            if (isReactive(parent)) {
                return true;
            }
        }
        return false;
    }
}
