package dev.tenancy.example.spring;

import dev.tenancy.example.notes.Feed;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Notes in Spring Boot. */
@SpringBootApplication
@EnableAsync
@EnableScheduling
public class Main {

    /** Starts it. */
    public static void main(String[] arguments) {
        SpringApplication.run(Main.class, arguments);
    }

    @Bean
    Feed feed() {
        return new Feed();
    }

    @EventListener
    void started(WebServerInitializedEvent started) {
        System.out.println("notes on port " + started.getWebServer().getPort());
    }

    /** Streams would keep the server from stopping. */
    @EventListener(ContextClosedEvent.class)
    void stopping() {
        feed().close();
    }
}
