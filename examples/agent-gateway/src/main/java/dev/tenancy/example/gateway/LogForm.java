package dev.tenancy.example.gateway;

import ch.qos.logback.core.PropertyDefinerBase;
import ch.qos.logback.core.util.OptionHelper;
import java.util.Optional;

/** Which of the configurations of the logs counts; one that is blank would be none. Made by logback. */
public final class LogForm extends PropertyDefinerBase {
    static final String UNLESS_SAID = "text";

    @Override
    public String getPropertyValue() {
        return Optional.ofNullable(OptionHelper.propertyLookup(Settings.LOG, getContext(), null))
                .map(String::strip)
                .filter(form -> !form.isEmpty())
                .orElse(UNLESS_SAID);
    }
}
