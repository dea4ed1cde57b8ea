// Help, wrong usage, and what goes to which stream.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
const fs::path golden = CALLFLOW_SOURCE_DIR "/tests/cli/golden";
const fs::path input = CALLFLOW_SOURCE_DIR "/tests/cli/input";

const std::vector<std::string> verbs{"init", "validate", "check",  "explain", "graph",
                                     "run",  "compare",  "plot",   "import",  "mos",
                                     "help", "schema",   "version"};

Output run(const std::vector<std::string>& arguments) {
  return runCallflow(arguments,
                     emptyDirectory(CALLFLOW_TEST_DIR, "usage-" + std::to_string(::getpid())));
}

std::size_t linesWith(const std::string& text, const std::string& start) {
  std::size_t count = 0;
  for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
    if (at == 0 || text[at - 1] == '\n') ++count;
  }
  return count;
}

TEST_CASE("help of every verb") {
  for (const std::string& verb : verbs) {
    const Output help = run({verb, "--help"});
    INFO(verb);
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    const std::size_t examples = help.out.find("Examples:\n");
    REQUIRE(examples != std::string::npos);
    CHECK(linesWith(help.out.substr(examples), "  callflow ") == 2);
    CHECK(run({"help", verb}).out == help.out);
    CHECK(run({verb, "-h"}).out == help.out);
    checkGolden(golden / ("help-" + verb + ".txt"), help.out);
  }
}

TEST_CASE("help of the program") {
  const Output help = run({"--help"});
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  checkGolden(golden / "help.txt", help.out);
  for (const std::string& verb : verbs)
    CHECK(help.out.find("\n  " + verb + " ") != std::string::npos);
}

TEST_CASE("without arguments the help goes to stderr") {
  const Output output = run({});
  CHECK(output.code == 2);
  CHECK(output.out.empty());
  CHECK(output.err.find("Usage: callflow") != std::string::npos);
}

TEST_CASE("version") {
  const Output output = run({"--version"});
  CHECK(output.code == 0);
  CHECK(output.out.rfind("callflow " CALLFLOW_TEST_VERSION " (ns-3 3.37, ", 0) == 0);
  CHECK(run({"version"}).out == output.out);
}

TEST_CASE("wrong usage exits with 2, says what is wrong on stderr and prints no result") {
  struct Case {
    std::vector<std::string> arguments;
    std::string says;
  };
  const std::string small = (input / "small.yaml").string();
  const std::vector<Case> cases{
      {{"rn"}, "callflow: unknown verb \"rn\"; did you mean \"run\"?"},
      {{"frobnicate"}, "callflow: unknown verb \"frobnicate\"\n"},
      {{"run", "--sede", "3", small},
       "callflow run: unknown option \"--sede\"; did you mean \"--seed\"?"},
      {{"run", "--zzzzzz", small}, "callflow run: unknown option \"--zzzzzz\"\n"},
      {{"--versin"}, "unknown option \"--versin\"; did you mean \"--version\"?"},
      {{"run"}, "FILE is required"},
      {{"run", small, "--runs", "0"}, "--runs: \"0\" is not a whole number from 1 to 10000\n"},
      {{"run", small, "--runs", "many"}, "--runs: \"many\" is not a whole number from 1 to 10000"},
      {{"run", small, "--runs", "1.5"}, "--runs: \"1.5\" is not a whole number from 1 to 10000"},
      {{"run", small, "--seed", "abc"}, "--seed: \"abc\" is not a whole number from 0 to 18446744"},
      {{"mos", "--burst-ratio", "two"}, "--burst-ratio: \"two\" is not a number\n"},
      {{"run", small, "-j", "-1"}, "--jobs: \"-1\" is not a whole number from 0 to 1024"},
      {{"run", small, "--trace", "some"},
       "--trace: \"some\" is not one of pictures, none, first, all\n"},
      {{"run", small, "--format", "jsn"},
       "--format: \"jsn\" is not one of text, json, acs; did you mean \"json\"?"},
      {{"run", small, "--speech", small}, "--speech requires --audio"},
      {{"run", small, "--audio", "--speech", small}, "small.yaml: cannot be read as sound; give a"},
      {{"run", small, "--audio", "--speech", "none.wav"}, "none.wav: there is no such file; give"},
      {{"schema", "network"}, "\"network\" is not one of topology, scenario"},
      {{"schema", "topology", "scenario"}, "unexpected argument \"scenario\""},
      {{"help", "firewal"}, "no help for \"firewal\"; did you mean \"firewall\"?"},
      {{"help", "perimeter"}, "\"perimeter\" is a key of site, wan, peering and remote"},
      {{"help", "sweep"}, "\"sweep\" is a key of scenario: see callflow help scenario\n"},
      {{"help", "words"}, "no help for \"words\" (verbs: init, validate, "},
      {{"mos", "--bitrate", "25"}, "--bitrate: \"25\" has no unit; write"},
      {{"mos", "--codec", "g711", "--bitrate", "32kbit/s"},
       "--bitrate: g711 has 64 kbit/s and no other rate; leave it out"},
      {{"mos", "--codec", "opsu"}, "there is no codec \"opsu\"; did you mean \"opus\"?"},
      {{"mos", "--burst-ratio", "0.5"}, "--burst-ratio"},
      {{"mos", "--loss", "120%"}, "--loss"},
      {{"graph", small, "--call", "chart"}, "there is no call \"chart\"; did you mean \"chat\"?"},
      {{"graph", small, "--variant", "udp-opn"}, "did you mean \"udp-open\"?"},
      {{"explain", small, "--variant", "udp"}, "has no variant \"udp\""},
      {{"plot", "nowhere"}, "nowhere"},
      {{"compare", ".", "."}, "manifest"},
      {{"compare", small, "--metric", "audio.mso"}, "did you mean \"audio.mos\"?"},
      {{"compare", small, "--baseline", "tcp"},
       "small.yaml has no variant \"tcp\" (it has udp-open and tcp-only)"},
      // An option that may be given several times takes one value each time, and no file behind it.
      {{"compare", "--metric", "audio.mos", small, "--baseline", "tcp"},
       "small.yaml has no variant \"tcp\""},
      {{"compare", "--metric=audio.mos,audio.lost_ratio", small, "--baseline", "tcp"},
       "small.yaml has no variant \"tcp\""},
      {{"compare", "--margin", "audio.mos=0.1", "--margin=audio.lost_ratio=1%", small, "--baseline",
        "tcp"},
       "small.yaml has no variant \"tcp\""},
      {{"compare", "--metric", "audio.mos", "--metric", "audio.mso", small},
       "did you mean \"audio.mos\"?"},
      {{"plot", "--only", "delay-cdf", "--format", "svg", "nowhere"}, "nowhere"},
      {{"compare", small, "--confidence", "0.95"}, "\"0.95\" is not a number from 50 to 99.99"},
      {{"run", "nowhere.yaml"}, "nowhere.yaml"},
      {{"run", "."}, "."},
  };
  for (const Case& one : cases) {
    const Output output = run(one.arguments);
    INFO(one.says << " in " << output.err);
    CHECK(output.code == 2);
    CHECK(output.out.empty());
    CHECK(output.err.find(one.says) != std::string::npos);
  }
}

TEST_CASE("compare --quiet says what got worse, if that is asked for, and no more") {
  const std::string worse = (input / "worse.yaml").string();
  const Output quiet = run({"compare", worse, "-q"});
  CHECK(quiet.code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
  const Output failed =
      run({"compare", worse, "-q", "--fail-on-regression", "--metric", "audio.mos"});
  CHECK(failed.code == 4);
  CHECK(failed.out.empty());
  CHECK(failed.err == "good -> bad: audio.mos got worse\n");
  // Data is asked for by name.
  CHECK(run({"compare", worse, "-q", "--format", "csv"}).out.find("audio.mos") !=
        std::string::npos);
}

TEST_CASE("a full disk is for the user to mend, not a fault of callflow's") {
  const fs::path scratch = emptyDirectory(CALLFLOW_TEST_DIR, "full");
  const std::string command =
      "cd " + scratch.string() + " && " CALLFLOW_PROGRAM " help scenario >/dev/full 2>said";
  const int status = std::system(command.c_str());
  CHECK(WEXITSTATUS(status) == 5);
  CHECK(contentOf(scratch / "said") ==
        "callflow: standard output: cannot be written: No space left on device\n");
}

TEST_CASE("validate") {
  // Named from where they stand: a line of output breaks where the path to this folder ends.
  const fs::path scratch = emptyDirectory(CALLFLOW_TEST_DIR, "validate");
  for (const char* file : {"small.yaml", "faulty.yaml"}) fs::copy(input / file, scratch / file);
  const std::string faulty = "faulty.yaml";
  const Output good = runCallflow({"validate", "small.yaml"}, scratch);
  CHECK(good.code == 0);
  CHECK(good.out == "small.yaml: ok (1 site, 1 remote user, 2 devices, 1 call, 2 variants)\n");
  CHECK(good.err.empty());
  const Output both = runCallflow({"validate", faulty, "small.yaml"}, scratch);
  CHECK(both.code == 2);
  CHECK(both.out == good.out);
  CHECK(linesWith(both.err, faulty + ":6:") == 2);
  CHECK(both.err.find("did you mean") != std::string::npos);
  CHECK(both.err.find("2 errors, 0 warnings; 1 of 2 files wrong\n") != std::string::npos);
}

TEST_CASE("a faulty file writes nothing") {
  const fs::path scratch = emptyDirectory(CALLFLOW_TEST_DIR, "faulty");
  const Output output = runCallflow(
      {"run", (input / "small.yaml").string(), (input / "faulty.yaml").string()}, scratch);
  CHECK(output.code == 2);
  CHECK(output.out.empty());
  CHECK(output.err.find("; nothing was run\n") != std::string::npos);
  CHECK(filesBelow(scratch) == std::vector<std::string>{".stderr", ".stdout"});
}

TEST_CASE("mos") {
  const Output text = run({"mos", "--codec", "opus", "--bitrate", "25kbit/s", "--loss", "2%",
                           "--burst-ratio", "1", "--delay", "150ms"});
  CHECK(text.code == 0);
  CHECK(text.err.empty());
  checkGolden(golden / "mos.txt", text.out);
  const Output json = run({"mos", "--codec", "opus", "--bitrate", "25kbit/s", "--loss", "2%",
                           "--burst-ratio", "1", "--delay", "150ms", "--format", "json"});
  CHECK(json.code == 0);
  checkGolden(golden / "mos.json", json.out);
  const Output beyond = run({"mos", "--loss", "40%"});
  CHECK(beyond.code == 0);
  CHECK(beyond.err.empty());
  CHECK(beyond.out.find("\nnote: loss over 20 %: beyond what the model was made for") !=
        std::string::npos);
  const Output far = run({"mos", "--codec", "g722", "--loss", "25%", "--burst-ratio", "9",
                          "--delay", "600 ms", "--bitrate", "96 kbit/s"});
  checkGolden(golden / "mos-out-of-range.txt", far.out);
  const Output flags = run({"mos", "--codec", "g722", "--loss", "25%", "--burst-ratio", "9",
                            "--delay", "600 ms", "--bitrate", "96 kbit/s", "--format", "json"});
  checkGolden(golden / "mos-out-of-range.json", flags.out);
  // Without a bit rate, one that the codec has.
  CHECK(run({"mos", "--codec", "g711"}).out.find("g711 at 64 kbit/s") == 0);
  CHECK(run({"mos", "--codec", "opus-wideband"}).out.find("opus-wideband at 13 kbit/s") == 0);
  // By a scenario's name of a codec what a call with it is scored as: libwebrtc conceals what G.711
  // loses.
  CHECK(run({"mos", "--codec", "pcmu"}).out.find("g711-plc at 64 kbit/s") == 0);
  CHECK(run({"mos", "--codec", "pcma", "--bitrate", "64kbit/s"}).out.find("g711-plc at 64") == 0);
  CHECK(run({"mos", "--codec", "pcmu", "--bitrate", "32kbit/s"}).err.find("no other rate") !=
        std::string::npos);
}

TEST_CASE("schema and reference") {
  const Output schema = run({"schema", "scenario"});
  CHECK(schema.code == 0);
  CHECK(schema.out.find("http://json-schema.org/draft-07/schema#") != std::string::npos);
  const Output help = run({"help", "firewall"});
  CHECK(help.code == 0);
  CHECK(help.out.find("rules") != std::string::npos);
}

TEST_CASE("graph") {
  const std::string small = (input / "small.yaml").string();
  const Output dot = run({"graph", small});
  CHECK(dot.code == 0);
  CHECK(dot.out.find("graph") != std::string::npos);
  const Output called = run({"graph", small, "--call", "chat"});
  CHECK(called.code == 0);
  CHECK(called.out != dot.out);
  CHECK(run({"graph", small, "--call", "chat", "--variant", "tcp-only"}).out != called.out);
  const Output svg = run({"graph", small, "--format", "svg"});
  CHECK(svg.code == 0);
  CHECK(svg.out.find("<svg") != std::string::npos);
  CHECK(run({"graph", small, "--format", "mermaid"}).code == 0);
  const fs::path scratch = emptyDirectory(CALLFLOW_TEST_DIR, "graph-file");
  const Output file = runCallflow({"graph", small, "-o", "small.dot"}, scratch);
  CHECK(file.out.empty());
  CHECK(contentOf(scratch / "small.dot") == dot.out);
}

TEST_CASE("check") {
  // From where the files stand, so that no path of this machine is printed.
  const fs::path scratch = emptyDirectory(CALLFLOW_TEST_DIR, "check");
  for (const char* file : {"required.yaml", "small.yaml", "faulty.yaml"})
    fs::copy(input / file, scratch / file);
  const Output all = runCallflow({"check", "required.yaml"}, scratch);
  CHECK(all.code == 3);
  CHECK(all.err.empty());
  checkGolden(golden / "check.txt", all.out);
  // Warnings alone are no failure.
  const Output one = runCallflow({"check", "required.yaml", "--variant", "open"}, scratch);
  CHECK(one.code == 0);
  CHECK(one.out.find("required-ports") == std::string::npos);
  CHECK(one.out.find("udp-timer") != std::string::npos);
  CHECK(one.out.find("variant ") == std::string::npos);
  // 7 x 40 kbit/s are more than 30 %, and less than half, of 700 kbit/s.
  CHECK(all.out.find("[bandwidth]") != std::string::npos);
  const Output half = runCallflow({"check", "required.yaml", "--share", "50%"}, scratch);
  CHECK(half.out.find("[bandwidth]") == std::string::npos);
  // The forms for programs; the code is the same.
  const Output json = runCallflow({"check", "required.yaml", "--format", "json"}, scratch);
  CHECK(json.code == 3);
  CHECK(json.out.find("\"errors\": 1") != std::string::npos);
  const Output sarif =
      runCallflow({"check", "required.yaml", "--format", "sarif", "-o", "out.sarif"}, scratch);
  CHECK(sarif.code == 3);
  CHECK(sarif.out.empty());
  CHECK(contentOf(scratch / "out.sarif").find("\"version\": \"2.1.0\"") != std::string::npos);
  // A network by itself: somebody is made up at each place.
  fs::copy(CALLFLOW_SOURCE_DIR "/scenarios/topologies/contoso.yaml", scratch / "contoso.yaml");
  const Output bare = runCallflow({"check", "contoso.yaml"}, scratch);
  CHECK(bare.code == 0);
  CHECK(bare.out.find("what branch sends to Azure leaves at hq") != std::string::npos);
  const Output faulty = runCallflow({"check", "faulty.yaml"}, scratch);
  CHECK(faulty.code == 2);
  CHECK(faulty.out.empty());
  CHECK(faulty.err.find("; nothing was checked\n") != std::string::npos);
  for (const char* share : {"0%", "101%", "30", "much"}) {
    const Output wrong = runCallflow({"check", "small.yaml", "--share", share}, scratch);
    CHECK(wrong.code == 2);
    CHECK(wrong.err.find("--share: \"" + std::string(share) + "\"") != std::string::npos);
  }
}

TEST_CASE("explain") {
  const std::string small = (input / "small.yaml").string();
  const Output both = run({"explain", small});
  CHECK(both.code == 0);
  CHECK(both.err.empty());
  CHECK(both.out.find("variant udp-open\n") != std::string::npos);
  CHECK(both.out.find("variant tcp-only\n") != std::string::npos);
  CHECK(run({"explain", small, "--variant", "tcp-only"}).out.find("udp-open") == std::string::npos);
}

TEST_CASE("a mistake in a setting is told once, whatever number of variants there are") {
  const fs::path file = emptyDirectory(CALLFLOW_TEST_DIR, "set-once") / "set.yaml";
  std::ofstream(file) << "topology: {sites: {hq: {subnets: [10.1.0.0/16]}, lab: {}}}\n"
                         "calls: [{name: chat, participants: [a@hq, b@hq]}]\n"
                         "variants:\n"
                         "  one: {}\n"
                         "  two: {change: {sites.hq.uplink.delay: 9 ms}}\n"
                         "  three: {change: {sites.lab: none}}\n";
  const auto said = [&](const std::string& setting) {
    const Output output = run({"run", file.string(), "--set", setting});
    CHECK(output.code == 2);
    return output.err;
  };
  CHECK(
      said("sites.hq.uplink.delay=5") ==
      "--set sites.hq.uplink.delay:1:1: error: topology.sites.hq.uplink.delay: \"5\" has no unit; "
      "write \"5 ms\" (units: ns, us, ms, s, min, h)\n1 error, 0 warnings; nothing was run\n");
  // Only where a variant has taken the site away.
  const std::string there = said("sites.lab.uplink.delay=5 ms");
  CHECK(there.find("has no \"lab\" (in variant \"three\")") != std::string::npos);
  CHECK(there.find("\n1 error, 0 warnings") != std::string::npos);
}

TEST_CASE("explain and graph show what carries a tunnel") {
  const fs::path file = emptyDirectory(CALLFLOW_TEST_DIR, "tunnel") / "tunnel.yaml";
  std::ofstream(file)
      << "topology:\n"
         "  sites:\n"
         "    hq: {perimeter: [fw, gw], uplink: {rate: 1 Gbit/s, delay: 3 ms}}\n"
         "  remote:\n"
         "    h: {vpn: gw, nat: hn, uplink: {rate: 300 kbit/s up 50 Mbit/s down, delay: 5 ms}}\n"
         "    p: {nat: pn}\n"
         "  devices: {fw: {kind: nat}, gw: {kind: vpn}, hn: {kind: nat}, pn: {kind: nat}}\n"
         "calls: [{name: c, participants: [a@h, b@p]}]\n";
  const Output text = run({"explain", file.string()});
  CHECK(text.code == 0);
  // Access 2 ms, uplink 5 ms, the Internet 1 ms, the gateway's uplink 3 ms.
  CHECK(text.out.find("        h.vpn:a up           11 ms\n"
                      "          in packets from a@h\n"
                      "            h.access:a up     100 Mbit/s, 2 ms\n"
                      "          h\n"
                      "            h.lan:hn up\n"
                      "          hn\n"
                      "            h.uplink up       300 kbit/s, 5 ms\n"
                      "          internet:h\n") != std::string::npos);
  CHECK(text.out.find("          in packets from gw\n"
                      "            hq.uplink up        1 Gbit/s, 3 ms\n") != std::string::npos);
  const Output json = run({"explain", file.string(), "--format", "json"});
  const std::size_t carried = json.out.find("\"carried_by\": [");
  REQUIRE(carried != std::string::npos);
  CHECK(json.out.find("\"name\": \"h.uplink up\"", carried) != std::string::npos);
  // In the call's colour, with all that carries its media.
  const Output graph = run({"graph", file.string(), "--call", "c"});
  const std::size_t uplink = graph.out.find("300 kbit/s up / 50 Mbit/s down");
  REQUIRE(uplink != std::string::npos);
  const std::size_t line = graph.out.rfind('\n', uplink) + 1;
  CHECK(graph.out.substr(line, uplink - line).find("color=\"#0072B2\" penwidth=3") !=
        std::string::npos);
}

TEST_CASE("explain says once what holds for several cells of a sweep") {
  const fs::path file = emptyDirectory(CALLFLOW_TEST_DIR, "explain-sweep") / "swept.yaml";
  std::ofstream(file) << "scenario: swept\n"
                         "topology: {topology: line, sites: {a: {}, b: {}}, azure: {}}\n"
                         "calls:\n"
                         "  - {name: talk, participants: [x@a, y@b], paths: [relay-tcp],\n"
                         "     transport: {security: tls-1.3}}\n"
                         "variants: {cubic: {}, bbr: {change: {calls.talk.tcp.congestion-control: "
                         "bbr}}}\n"
                         "sweep:\n"
                         "  rate: {key: calls.talk.audio.bitrate, values: [16 kbit/s, 32 kbit/s]}\n"
                         "  loss: {key: sites.a.uplink.loss, values: [1%, 2%]}\n";
  // All four cells of a variant take the same paths; one of them is shown.
  const Output all = run({"explain", file.string()});
  CHECK(all.code == 0);
  CHECK(linesWith(all.out, "variant ") == 2);
  CHECK(linesWith(all.out, "and 3 more cells by the same paths") == 2);
  CHECK(linesWith(all.out, "call talk (one-to-one)\n") == 2);
  CHECK(linesWith(all.out, "    leg 1: flow 4, TCP, TURN channel in TLS 1.3, ") == 2);
  const Output one = run({"explain", file.string(), "--variant", "bbr"});
  CHECK(linesWith(one.out, "variant bbr, rate ") == 1);
  CHECK(linesWith(one.out, "variant ") == 1);
  CHECK(linesWith(one.out, "and 3 more cells by the same paths") == 1);
  const Output wrong = run({"explain", file.string(), "--variant", "bba"});
  CHECK(wrong.code == 2);
  CHECK(wrong.err.find("did you mean \"bbr\"? (it has cubic and bbr)") != std::string::npos);
}

}  // namespace
}  // namespace callflow::test
