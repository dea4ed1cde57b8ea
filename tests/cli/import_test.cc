// `callflow import`, as its users meet it: measurements in, traces that `callflow run` follows out.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;

fs::path scratch(const std::string& name) {
  return emptyDirectory(CALLFLOW_TEST_DIR, name);
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

// A round trip of 120 ms, a packet each second; one of ten is lost.
std::string ping() {
  std::string text = "PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.\n";
  for (int i = 1; i <= 10; ++i) {
    if (i == 7) continue;
    text += "64 bytes from 192.0.2.1: icmp_seq=" + std::to_string(i) + " ttl=57 time=120 ms\n";
  }
  return text +
         "\n--- 192.0.2.1 ping statistics ---\n"
         "10 packets transmitted, 9 received, 10% packet loss, time 9000ms\n";
}

const std::string kTrace = "time_s,delay_ms,loss_percent\n0,60,0\n5,60,10.5572809\n10\n";
const std::string kRead =
    "ping.txt: ping, 10 packets, 1 of them (10 %) without an answer; 2 rows over 10 s, 60 ms one "
    "way (half of the round trip), 0 to 10.6 % lost one way (if both lose alike)\n"
    "note: packets were taken as 1 s apart\n";

TEST_CASE("a ping becomes a trace, and a run follows it") {
  const fs::path dir = scratch("run");
  write(dir / "ping.txt", ping());
  fs::create_directories(dir / "traces");
  const Output imported = runCallflow({"import", "ping.txt", "--out", "traces/office.csv"}, dir);
  CHECK(imported.code == 0);
  CHECK(imported.out.empty());
  CHECK(imported.err == kRead +
                            "write it as trace: traces/office.csv in an uplink, such as uplink: "
                            "{rate: 50 Mbit/s, trace: traces/office.csv}\n");
  CHECK(contentOf(dir / "traces/office.csv") == kTrace);
  CHECK(filesBelow(dir / "traces") == std::vector<std::string>{"office.csv"});
  write(dir / "measured.yaml",
        "scenario: measured\n"
        "topology:\n"
        "  topology: line\n"
        "  sites:\n"
        "    a: {uplink: {rate: 50 Mbit/s, trace: traces/office.csv}}\n"
        "    b: {}\n"
        "  azure: {}\n"
        "calls:\n"
        "  - {name: talk, participants: [x@a, y@b], duration: 30 s}\n"
        "runs: 2\n"
        "expect:\n"
        "  - audio.one_way_delay_p50 >= 60 ms\n"
        "  - audio.one_way_delay_p50 < 75 ms\n"
        "  - audio.lost_ratio > 2 %\n"
        "  - audio.lost_ratio < 10 %\n");
  const Output run = runCallflow({"run", "measured.yaml", "--no-plots"}, dir);
  INFO(run.out << run.err);
  CHECK(run.code == 0);
}

TEST_CASE("without --out the trace goes to standard output, and - is standard input") {
  const fs::path dir = scratch("pipe");
  write(dir / "ping.txt", ping());
  const Output named = runCallflow({"import", "ping.txt"}, dir);
  CHECK(named.code == 0);
  CHECK(named.out == kTrace);
  CHECK(named.err == kRead +
                         "save it by --out FILE, and write it as trace: FILE in an uplink, such as "
                         "uplink: {rate: 50 Mbit/s, trace: FILE}\n");
  const std::string command = "cd " + dir.string() +
                              " && cat ping.txt | " CALLFLOW_PROGRAM
                              " import - >out 2>err && " CALLFLOW_PROGRAM
                              " import ping.txt >/dev/full 2>full";
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 5);
  CHECK(contentOf(dir / "out") == kTrace);
  CHECK(contentOf(dir / "err").rfind("-: ping, 10 packets", 0) == 0);
  CHECK(contentOf(dir / "full").find("No space left on device") != std::string::npos);
}

TEST_CASE("the kind is in the content, and --step makes rows of it") {
  const fs::path dir = scratch("kinds");
  write(dir / "ping.csv", ping());
  CHECK(runCallflow({"import", "ping.csv", "--step", "10 s"}, dir).out ==
        "time_s,delay_ms,loss_percent\n0,60,5.1316702\n10\n");
  write(dir / "windows.txt",
        "\r\nPinging 192.0.2.1 with 32 bytes of data:\r\n"
        "Reply from 192.0.2.1: bytes=32 time=12ms TTL=57\r\nRequest timed out.\r\n");
  CHECK(runCallflow({"import", "windows.txt", "--interval", "500ms", "--step", "500ms"}, dir).out ==
        "time_s,delay_ms,loss_percent\n0,6,0\n0.5,6,100\n1\n");
  write(dir / "table.txt", "Loss (%);Latency (ms)\n0;20\n1,5;21\n");
  const Output table = runCallflow({"import", "table.txt", "--step", "3s"}, dir);
  CHECK(table.out == "time_s,delay_ms,loss_percent\n0,10,0\n3,10.5,1.5\n6\n");
  CHECK(table.err.rfind("table.txt: table; 2 rows over 6 s, 10 to 10.5 ms one way, 0 to 1.5 % lost "
                        "one way\nnote: \"Latency (ms)\" was taken as a round trip, and half of it "
                        "is the delay; if it is one way, name it one-way delay; loss was taken as "
                        "that of one way\nnote: rows have no times and were taken as 3 s apart\n",
                        0) == 0);
  // A round trip of 2105 ms is 1052.5 ms one way.
  write(dir / "slow.csv", "time (s),RTT (ms)\n0,20\n5,2105\n10,2000\n");
  CHECK(runCallflow({"import", "slow.csv"}, dir)
            .err.rfind("slow.csv: table; 3 rows over 15 s, 10 to 1052 ms one way\nnote: \"RTT "
                       "(ms)\" was taken as a round trip, and half of it is the delay\n",
                       0) == 0);
}

TEST_CASE("what cannot be imported is told with its place, and leaves what was there") {
  const fs::path dir = scratch("faulty");
  write(dir / "kept.csv", "kept");
  struct Case {
    std::string content;
    std::string says;
  };
  const std::string knows =
      "m: error: is no measurement that callflow knows; give what ping printed, in English "
      "(LC_ALL=C ping ...); or a table whose first line names columns, such as \"time,loss "
      "(%),latency (ms)\"; or a capture in pcap format\n";
  const std::string one = "1 error, 0 warnings; nothing was written\n";
  const std::vector<Case> cases{
      {"", "m: error: is empty; give what ping printed, a table of an assessment, or a capture\n" +
               one},
      {std::string("\0\x01\xfe garbage\n\n\x7f", 14), knows + one},
      {"Antwort von 192.0.2.1: Bytes=32 Zeit=12ms TTL=57\n",
       "m: error: is a ping of Windows in another language than English; replace its words by "
       "\"Reply from 192.0.2.1: bytes=32 time=12ms TTL=57\" and \"Request timed out.\"\n" +
           one},
      {"Request timed out.\n",
       "m: error: has no answer to any packet, so there is no delay to follow; measure to a place "
       "that answers, or write loss: 100% of the link direction\n" +
           one},
      {"time,jitter\n0,1\n",
       "m:1:1: error: names no column of loss or latency; name them in the first line, such as "
       "\"time,loss (%),latency (ms)\"\n" +
           one},
      {"time,loss (%)\n0,x\n1\n2,101\n",
       "m:2:3: error: \"x\" is no \"loss (%)\"; write a number from 0 to 100, or nothing where "
       "nothing was measured\n"
       "m:3:1: error: has 1 cells, and the first line names 2 columns; write as many, or leave the "
       "line out\n"
       "m:4:3: error: \"101\" is no \"loss (%)\"; write a number from 0 to 100, or nothing where "
       "nothing was measured\n"
       "3 errors, 0 warnings; nothing was written\n"},
      {std::string("\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0", 10),
       "m: error: is no whole pcap capture; write one with tcpdump -w FILE icmp\n" + one},
  };
  for (const Case& faulty : cases) {
    write(dir / "m", faulty.content);
    const Output output = runCallflow({"import", "m", "--out", "kept.csv"}, dir);
    CHECK(output.code == 2);
    CHECK(output.out.empty());
    CHECK(output.err == faulty.says);
    CHECK(contentOf(dir / "kept.csv") == "kept");
  }
  std::string many = "time,loss\n";
  for (int i = 0; i < 30; ++i) many += std::to_string(i) + ",x\n";
  write(dir / "m", many);
  CHECK(runCallflow({"import", "m"}, dir)
            .err.find("20 errors, 0 warnings; nothing was written; 30 errors in all\n") !=
        std::string::npos);
}

TEST_CASE("options and places that are wrong") {
  const fs::path dir = scratch("usage");
  write(dir / "ping.txt", ping());
  write(dir / "table.csv", "time,loss\n0,1\n5,2\n");
  struct Case {
    std::vector<std::string> arguments;
    std::string says;
  };
  const std::vector<Case> cases{
      {{"import"}, "FILE is required"},
      {{"import", "none.txt"}, "none.txt: error: cannot be opened: there is no such file; check"},
      {{"import", "."}, ".: error: is a directory; name a file in it"},
      {{"import", "ping.txt", "--step", "5"}, "--step: \"5\" has no unit; write \"5 s\"\n"},
      {{"import", "ping.txt", "--step", "0 s"}, "--step: must be more than 0 s; write for example"},
      {{"import", "ping.txt", "--step", "49 h"}, "--step: \"49 h\" is longer than a trace, which"},
      {{"import", "ping.txt", "--interval", "0s"}, "--interval: must be more than 0 s; write for"},
      {{"import", "ping.txt", "--out", "ping.txt"}, "--out: ping.txt is the measurement; name ano"},
      {{"import", "ping.txt", "--out", "no/x.csv"}, "there is no directory \"no\" to write x.csv"},
      {{"import", "table.csv", "--step", "1s"},
       "table.csv: error: has times of its own, and its rows become those of the trace; leave "
       "--ste"},
  };
  for (const Case& one : cases) {
    const Output output = runCallflow(one.arguments, dir);
    INFO(one.says << " in " << output.err);
    CHECK(output.code == 2);
    CHECK(output.out.empty());
    CHECK(output.err.find(one.says) != std::string::npos);
  }
  CHECK(contentOf(dir / "ping.txt") == ping());
}

}  // namespace
}  // namespace callflow::test
