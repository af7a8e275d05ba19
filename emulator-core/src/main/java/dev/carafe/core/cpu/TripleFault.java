package dev.carafe.core.cpu;

import dev.carafe.core.fault.ExceptionVector;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a processor entered shutdown.
 *
 * @param rip of the instruction whose exception began it
 * @param first the exception or interrupt that could not be delivered
 * @param failures what each attempt at delivery raised, in order: the first while delivering {@code
 *     first}, the last while delivering #DF
 */
public record TripleFault(long rip, Event first, List<Event> failures) {
    /**
     * One exception.
     *
     * @param vector its vector
     * @param errorCode 0 where there is none
     * @param address CR2 for #PF
     */
    public record Event(int vector, int errorCode, long address) {
        @Override
        public String toString() {
            String text = ExceptionVector.name(vector);
            if (ExceptionVector.hasErrorCode(vector)) {
                text += "(0x%x)".formatted(errorCode);
            }
            return vector == ExceptionVector.PAGE_FAULT
                    ? text + " at 0x%x".formatted(address)
                    : text;
        }
    }

    @Override
    public String toString() {
        String chain =
                failures.stream().map(Event::toString).collect(Collectors.joining(", then "));
        return "%s at RIP 0x%x could not be delivered: %s".formatted(first, rip, chain);
    }
}
