// SPDX-License-Identifier: Apache-2.0
package dev.gantry.testkit.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// Reads the XML reports that a build left in `target/surefire-reports` and `target/failsafe-reports` of every
/// module,
/// and prints why tests were skipped, which failed, and as the last line the counts alone:
/// `12 passed, 0 failed, 1 skipped`.
///
/// It is one file that needs only the JDK, so that `java TestReport.java <folder>` works when nothing could be
/// built.
/// Exit code 0 when at least one test ran and none failed, 1 otherwise, 2 for wrong arguments. A report that
/// cannot be
/// read counts as a failed test.
public final class TestReport {
    private static final int LINES_OF_A_FAILURE = 30;

    private final List<Outcome> outcomes = new ArrayList<>();

    private TestReport() {}

    /// What came of one test.
    sealed interface Outcome {
        /// It held.
        record Passed(String test) implements Outcome {}

        /// It did not hold, or could not be run.
        record Failed(String test, String why) implements Outcome {}

        /// It was not run.
        record Skipped(String test, String reason) implements Outcome {}
    }

    /// @param arguments the folder below which the modules lie
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: TestReport <folder of the checkout>");
            System.exit(2);
        }
        TestReport report = of(Path.of(arguments[0]));
        report.print(System.out);
        System.exit(report.good() ? 0 : 1);
    }

    /// Collects every report below a folder.
    static TestReport of(Path root) throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name =
                        folder.getFileName() == null ? "" : folder.getFileName().toString();
                boolean sources = name.equals("src") || name.equals(".git") || name.equals("node_modules");
                return sources && !folder.equals(root) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (isReport(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // removed or closed meanwhile: a test's own folder, never a report
            }
        });
        var report = new TestReport();
        files.stream().sorted().forEach(report::add);
        return report;
    }

    private static boolean isReport(Path file) {
        String folder = String.valueOf(file.resolveSibling("").toAbsolutePath().getFileName());
        String name = String.valueOf(file.getFileName());
        return (folder.equals("surefire-reports") || folder.equals("failsafe-reports"))
                && name.startsWith("TEST-")
                && name.endsWith(".xml");
    }

    private void add(Path file) {
        try {
            var cases = parser().parse(file.toFile()).getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                outcomes.add(outcome((Element) cases.item(i)));
            }
        } catch (IOException | SAXException | ParserConfigurationException e) {
            outcomes.add(new Outcome.Failed(String.valueOf(file.getFileName()), "the report cannot be read: " + e));
        }
    }

    private static DocumentBuilder parser() throws ParserConfigurationException {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder parser = factory.newDocumentBuilder();
        parser.setErrorHandler(null);
        return parser;
    }

    private static Outcome outcome(Element test) {
        String type = test.getAttribute("classname");
        String method = test.getAttribute("name");
        String name = method.isEmpty() ? type : type + "." + method;
        for (String bad : List.of("failure", "error")) {
            Optional<Element> failure = child(test, bad);
            if (failure.isPresent()) {
                String text = failure.get().getTextContent().strip();
                return new Outcome.Failed(name, text.isEmpty() ? failure.get().getAttribute("message") : text);
            }
        }
        return child(test, "skipped")
                .<Outcome>map(skipped -> new Outcome.Skipped(name, reason(skipped)))
                .orElseGet(() -> new Outcome.Passed(name));
    }

    private static String reason(Element skipped) {
        String message = skipped.getAttribute("message").strip();
        return message.isEmpty() ? "no reason given" : message.replaceFirst("^Assumption failed: ", "");
    }

    private static Optional<Element> child(Element parent, String name) {
        var found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? Optional.empty() : Optional.of((Element) found.item(0));
    }

    private long count(Class<? extends Outcome> kind) {
        return outcomes.stream().filter(kind::isInstance).count();
    }

    boolean good() {
        return !outcomes.isEmpty() && count(Outcome.Failed.class) == 0 && count(Outcome.Passed.class) > 0;
    }

    void print(PrintStream out) {
        outcomes.forEach(outcome -> {
            if (outcome instanceof Outcome.Skipped(var test, var reason)) {
                out.println(
                        "skipped " + test + ": " + reason.lines().findFirst().orElse(reason));
            }
        });
        outcomes.forEach(outcome -> {
            if (outcome instanceof Outcome.Failed(var test, var why)) {
                out.println("FAILED " + test);
                why.lines().limit(LINES_OF_A_FAILURE).forEach(line -> out.println("    " + line));
            }
        });
        if (outcomes.isEmpty()) {
            out.println("no test ran: see the build's output");
        }
        out.println(count(Outcome.Passed.class) + " passed, " + count(Outcome.Failed.class) + " failed, "
                + count(Outcome.Skipped.class) + " skipped");
        out.flush();
    }
}
