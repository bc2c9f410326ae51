package dev.tenancy.example.micronaut;

import dev.tenancy.Tenancy;
import dev.tenancy.example.notes.NotesApp;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.runtime.Micronaut;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;

/** Notes in Micronaut. */
@Factory
final class Main {

    public static void main(String[] arguments) {
        Micronaut.run(Main.class, arguments);
    }

    @Singleton
    @Bean(preDestroy = "close")
    NotesApp app() {
        return NotesApp.of(System.getenv());
    }

    @Singleton
    Tenancy tenancy(NotesApp app) {
        return app.tenancy();
    }

    @Singleton
    static final class Life {
        private final NotesApp app;

        Life(NotesApp app) {
            this.app = app;
        }

        @EventListener
        void started(ServerStartupEvent started) {
            System.out.println("notes on port " + started.getSource().getPort());
        }

        @EventListener
        void stopping(ShutdownEvent stopping) {
            app.endStreams();
        }
    }
}
