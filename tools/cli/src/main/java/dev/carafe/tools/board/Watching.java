package dev.carafe.tools.board;

/**
 * What a run is watched for.
 *
 * @param verdicts ends a machine that can never change again
 * @param lint tells of misused interrupt controllers
 * @param seconds of virtual time after which the run ends, 0 for never
 * @param instructions of all processors together after which it ends, 0 for never
 */
public record Watching(boolean verdicts, boolean lint, long seconds, long instructions) {
    boolean limited() {
        return seconds > 0 || instructions > 0;
    }
}
