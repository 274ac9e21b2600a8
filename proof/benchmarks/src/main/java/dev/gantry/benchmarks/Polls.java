// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.spec.MediaTypes;
import dev.gantry.wire.rc3.Paths;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;

/// What a device does nearly always: it asks for its manifest and learns that nothing has changed, over mutual TLS.
///
/// The WFM serves the large fleet while it is compared to the bare engine. Before anything is measured, both have to
/// answer
/// with the same bytes.
final class Polls implements Benchmark {
    private static final String BARE = "bare engine";
    private static final String WFM = "WFM device API";
    private static final int FEW = 10;
    /// More starts than this tell nothing new.
    private static final int STARTS = 3;
    private static final double MEGABYTE = 1e6;
    private static final Pattern ETAG = Pattern.compile("(?im)^etag: (\"[^\"]+\")");
    private static final Pattern DATE = Pattern.compile("(?im)^date: .*");

    @Override
    public List<Figure> measure(Plan plan) throws IOException, InterruptedException {
        try (var site = new Site()) {
            var figures = new ArrayList<Figure>();
            // The clients of the load, spread over the large fleet.
            List<Poller> pollers = pollers(site, plan.connections(), plan.devices());
            String etag;
            try (var wfm = wfm(site, plan.devices())) {
                etag = etag(pollers.getFirst(), wfm);
                figures.addAll(besideBare(plan, site, pollers, etag, wfm));
            }
            figures.addAll(growth(plan, site, request("GET", etag)));
            figures.addAll(starts(plan, site, pollers.getFirst(), etag));
            return figures;
        }
    }

    private static ServerProcess wfm(Site site, int devices) throws IOException {
        return ServerProcess.start(WFM, WfmUnderTest.class, site.folder().toString(), Integer.toString(devices));
    }

    private static ServerProcess bare(Site site, String etag) throws IOException {
        return ServerProcess.start(BARE, BareServer.class, site.folder().toString(), etag);
    }

    private static List<Figure> besideBare(Plan plan, Site site, List<Poller> pollers, String etag, ServerProcess wfm)
            throws IOException, InterruptedException {
        byte[] poll = request("GET", etag);
        try (var bare = bare(site, etag)) {
            same(ask(pollers.getFirst(), bare, poll), ask(pollers.getFirst(), wfm, poll));
            String fleet = ", " + WFM + " with " + plan.devices() + " devices";
            List<Figure> idle = memory("resident memory after the start", bare, wfm, fleet);
            var figures = new ArrayList<Figure>();
            figures.addAll(kept(plan, pollers, poll, bare, wfm));
            figures.addAll(handshakes(plan, pollers, poll, bare, wfm));
            figures.addAll(idle);
            figures.addAll(memory("resident memory after the load", bare, wfm, fleet));
            return figures;
        }
    }

    /// From the wish to have a process to its first answer, the clients of a large fleet read in between.
    private static List<Figure> starts(Plan plan, Site site, Poller poller, String etag) throws IOException {
        var bareStarts = new ArrayList<Double>();
        var wfmStarts = new ArrayList<Double>();
        for (int round = 0; round < Math.min(STARTS, plan.rounds()); round++) {
            try (var bare = bare(site, etag)) {
                bareStarts.add(untilAnswered(poller, bare, etag));
            }
            try (var wfm = wfm(site, plan.devices())) {
                wfmStarts.add(untilAnswered(poller, wfm, etag));
            }
        }
        double bare = median(bareStarts, Double::doubleValue);
        double wfm = median(wfmStarts, Double::doubleValue);
        String name = "start to first poll answered, ";
        return List.of(
                Figure.beside(bare, name + BARE, bare, "s"),
                Figure.beside(bare, name + WFM + " with " + plan.devices() + " devices", wfm, "s"));
    }

    private static double untilAnswered(Poller poller, ServerProcess server, String etag) throws IOException {
        try (SSLSocket socket = poller.connect(server.port())) {
            poller.poll(socket, request("GET", etag));
            return server.age().toNanos() / 1e9;
        }
    }

    private static List<Poller> pollers(Site site, int count, int devices) {
        return IntStream.range(0, count)
                .map(number -> (int) ((long) number * devices / count))
                .mapToObj(client -> new Poller(site.credential(client), site.check()))
                .toList();
    }

    private static byte[] request(String method, String etag) {
        return (method + " " + Paths.ROOT.deployments() + " HTTP/1.1\r\nHost: wfm\r\nAccept: " + MediaTypes.MANIFEST
                        + "\r\nIf-None-Match: " + etag + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String ask(Poller poller, ServerProcess server, byte[] request) throws IOException {
        try (SSLSocket socket = poller.connect(server.port())) {
            return poller.ask(socket, request);
        }
    }

    private static String etag(Poller poller, ServerProcess server) throws IOException {
        String head = ask(poller, server, request("HEAD", "\"none\""));
        Matcher etag = ETAG.matcher(head);
        if (!head.startsWith("HTTP/1.1 200 ") || !etag.find()) {
            throw new IOException("the " + server.name() + " gave no manifest but " + head);
        }
        return etag.group(1);
    }

    private static void same(String bare, String wfm) throws IOException {
        // The second may have changed between the two.
        if (!DATE.matcher(bare).replaceAll("").equals(DATE.matcher(wfm).replaceAll(""))) {
            throw new IOException("nothing can be compared, the answers differ: " + bare + wfm);
        }
    }

    private static List<Figure> kept(Plan plan, List<Poller> pollers, byte[] poll, ServerProcess... bareAndWfm)
            throws IOException, InterruptedException {
        try (var bare = Kept.open(pollers, bareAndWfm[0], poll);
                var wfm = Kept.open(pollers, bareAndWfm[1], poll)) {
            return beside("poll 304, kept connections", compare(plan, bare.subject(), wfm.subject()));
        }
    }

    private static List<Figure> handshakes(Plan plan, List<Poller> pollers, byte[] poll, ServerProcess... bareAndWfm)
            throws IOException, InterruptedException {
        var subjects = new ArrayList<Subject>();
        for (ServerProcess server : bareAndWfm) {
            List<Load.Step> steps = new ArrayList<>();
            for (Poller poller : pollers) {
                steps.add(() -> {
                    try (SSLSocket socket = poller.connect(server.port())) {
                        poller.poll(socket, poll);
                    }
                });
            }
            subjects.add(new Subject(server, steps));
        }
        return beside("full handshake plus poll", compare(plan, subjects.getFirst(), subjects.getLast()));
    }

    /// The same poll of the same few connections, with few devices in the fleet and with many, both just started.
    private static List<Figure> growth(Plan plan, Site site, byte[] poll) throws IOException, InterruptedException {
        try (var small = wfm(site, FEW);
                var large = wfm(site, plan.devices());
                var few = Kept.open(pollers(site, FEW, FEW), small, poll);
                var many = Kept.open(pollers(site, FEW, plan.devices()), large, poll)) {
            List<List<Load.Result>> results = compare(plan, few.subject(), many.subject());
            double atFew = median(results.getFirst(), Load.Result::cpuMicros);
            double atMany = median(results.getLast(), Load.Result::cpuMicros);
            String name = "poll 304, CPU per request, " + WFM + " with ";
            return List.of(
                    Figure.of(name + FEW + " devices", atFew, "µs"),
                    Figure.of(name + plan.devices() + " devices", atMany, "µs"),
                    Figure.of("poll 304, cost with " + plan.devices() + " devices to " + FEW, atMany / atFew, "×"));
        }
    }

    /// Nothing where the system does not tell.
    private static List<Figure> memory(String when, ServerProcess bare, ServerProcess wfm, String fleet)
            throws IOException {
        if (bare.resident().isEmpty() || wfm.resident().isEmpty()) {
            return List.of();
        }
        double least = bare.resident().getAsLong() / MEGABYTE;
        double own = wfm.resident().getAsLong() / MEGABYTE;
        return List.of(
                Figure.beside(least, when + ", " + BARE, least, "MB"), Figure.beside(least, when + fleet, own, "MB"));
    }

    /// A server and what its clients do.
    private record Subject(ServerProcess server, List<Load.Step> steps) {
        Load.Result run(Duration window) throws IOException, InterruptedException {
            return Load.run(server, window, steps);
        }
    }

    private static List<List<Load.Result>> compare(Plan plan, Subject... subjects)
            throws IOException, InterruptedException {
        var results = new ArrayList<List<Load.Result>>();
        for (Subject subject : subjects) {
            var _ = subject.run(plan.warmUp());
            results.add(new ArrayList<>());
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (int i = 0; i < subjects.length; i++) {
                results.get(i).add(subjects[i].run(plan.window()));
            }
        }
        return results;
    }

    private static List<Figure> beside(String what, List<List<Load.Result>> bareAndWfm) {
        List<Load.Result> bare = bareAndWfm.getFirst();
        var figures = new ArrayList<Figure>();
        for (int i = 0; i < bareAndWfm.size(); i++) {
            List<Load.Result> results = bareAndWfm.get(i);
            String of = ", " + (i == 0 ? BARE : WFM);
            figures.add(figure(what + ", CPU per request" + of, "µs", bare, results, Load.Result::cpuMicros));
            figures.add(figure(what + ", rate" + of, "1/s", bare, results, Load.Result::perSecond));
            figures.add(figure(what + ", p99 at that rate" + of, "ms", bare, results, Load.Result::lateMillis));
        }
        return figures;
    }

    private static Figure figure(
            String name,
            String unit,
            List<Load.Result> bare,
            List<Load.Result> results,
            ToDoubleFunction<Load.Result> part) {
        return Figure.beside(median(bare, part), name, median(results, part), unit);
    }

    private static <T> double median(List<T> results, ToDoubleFunction<T> part) {
        double[] sorted = results.stream().mapToDouble(part).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// One open connection per client.
    private record Kept(ServerProcess server, List<SSLSocket> sockets, List<Load.Step> steps) implements Closeable {
        static Kept open(List<Poller> pollers, ServerProcess server, byte[] poll) throws IOException {
            var kept = new Kept(server, new ArrayList<>(), new ArrayList<>());
            try {
                for (Poller poller : pollers) {
                    SSLSocket socket = poller.connect(server.port());
                    kept.sockets.add(socket);
                    kept.steps.add(() -> poller.poll(socket, poll));
                }
            } catch (IOException e) {
                kept.close();
                throw e;
            }
            return kept;
        }

        Subject subject() {
            return new Subject(server, steps);
        }

        @Override
        public void close() throws IOException {
            for (SSLSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
