package dev.carafe.tools.suite;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Results in the XML that JUnit's Ant task began and every continuous integration reads. Results
 * that a guest told are test cases of their own, in a class with the run's name.
 */
final class JUnitReport {
    private final XMLStreamWriter xml;

    private JUnitReport(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static void write(Path file, String suite, List<CaseResult> results) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(writer);
            new JUnitReport(xml).suite(suite, results);
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void suite(String name, List<CaseResult> results) throws XMLStreamException {
        long tests = results.stream().mapToLong(result -> Math.max(1, result.tap().size())).sum();
        double seconds = results.stream().mapToLong(r -> r.duration().toMillis()).sum() / 1000.0;
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuite");
        attribute("name", name);
        attribute("tests", tests);
        attribute("failures", results.stream().mapToLong(JUnitReport::failures).sum());
        attribute("errors", 0);
        attribute("skipped", results.stream().mapToLong(JUnitReport::skipped).sum());
        attribute("time", String.format(java.util.Locale.ROOT, "%.3f", seconds));
        for (CaseResult result : results) {
            run(name, result);
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private static long failures(CaseResult result) {
        long told =
                result.tap().stream().filter(t -> t.status() == TapResult.Status.FAILED).count();
        return told > 0 ? told : result.failed() ? 1 : 0;
    }

    private static long skipped(CaseResult result) {
        return result.tap().isEmpty()
                ? result.status() == CaseResult.Status.SKIPPED ? 1 : 0
                : result.tap().stream().filter(t -> t.status() == TapResult.Status.SKIPPED).count();
    }

    /** A run that failed though every result it told is good is a test case beside them. */
    private void run(String suite, CaseResult result) throws XMLStreamException {
        boolean told = result.tap().stream().anyMatch(t -> t.status() == TapResult.Status.FAILED);
        if (result.tap().isEmpty() || result.failed() && !told) {
            begin(suite, result.test().name(), result.seconds());
            if (result.failed()) {
                failure(result.reason(), result.messages());
            } else if (result.status() == CaseResult.Status.SKIPPED) {
                skip(result.reason());
            }
            text("system-out", result.serial());
            text("system-err", result.messages());
            end();
        }
        for (int i = 0; i < result.tap().size(); i++) {
            TapResult tap = result.tap().get(i);
            begin(suite + "." + result.test().name(), tap.name(), i == 0 ? result.seconds() : "0");
            switch (tap.status()) {
                case PASSED -> {}
                case FAILED -> failure("not ok: " + tap.name(), tap.detail());
                case SKIPPED -> skip(tap.detail());
            }
            if (i == 0) {
                text("system-out", result.serial());
            }
            end();
        }
    }

    private void begin(String className, String name, String seconds) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        attribute("classname", className);
        attribute("name", name);
        attribute("time", seconds);
    }

    private void end() throws XMLStreamException {
        xml.writeEndElement();
    }

    private void failure(String reason, String text) throws XMLStreamException {
        xml.writeStartElement("failure");
        attribute("message", reason);
        attribute("type", "failure");
        xml.writeCharacters(clean(text));
        xml.writeEndElement();
    }

    private void skip(String reason) throws XMLStreamException {
        xml.writeEmptyElement("skipped");
        attribute("message", reason);
    }

    private void text(String element, String text) throws XMLStreamException {
        if (!text.isEmpty()) {
            xml.writeStartElement(element);
            xml.writeCharacters(clean(text));
            xml.writeEndElement();
        }
    }

    private void attribute(String name, Object value) throws XMLStreamException {
        xml.writeAttribute(name, clean(value.toString()));
    }

    /** Without the characters that XML 1.0 cannot hold ("Characters"). */
    static String clean(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        c -> {
                            boolean allowed =
                                    c == '\t'
                                            || c == '\n'
                                            || c >= 0x20 && c <= 0xD7FF
                                            || c >= 0xE000 && c <= 0xFFFD
                                            || c >= 0x10000;
                            if (allowed) {
                                result.appendCodePoint(c);
                            } else if (c != '\r') {
                                result.append('\uFFFD');
                            }
                        });
        return result.toString();
    }
}
