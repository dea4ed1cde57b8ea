// What `run --pcap` leaves behind, as Wireshark's tshark reads it: other people's dissectors, and
// counts that callflow makes elsewhere.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Row = std::map<std::string, std::string>;

const std::string captured = CALLFLOW_SOURCE_DIR "/tests/cli/input/captured.yaml";
const std::string small = CALLFLOW_SOURCE_DIR "/tests/cli/input/small.yaml";

fs::path scratch(const std::string& name) {
  return emptyDirectory(CALLFLOW_TEST_DIR, name);
}

// Lines of tshark's output. RTP is found without signaling, media over TCP 443 is TURN in the
// clear, and TCP's streams are put together as their receiver does.
std::vector<std::string> tshark(const fs::path& file, const std::string& options) {
  const fs::path out = fs::path(CALLFLOW_TEST_DIR) / "tshark.txt";
  const std::string command =
      "tshark -n -r '" + file.string() +
      "' --enable-heuristic rtp_udp --enable-heuristic rtp_stun -d tcp.port==443,stun"
      " -o tcp.reassemble_out_of_order:TRUE " +
      options + " >'" + out.string() + "' 2>/dev/null";
  INFO(command);
  REQUIRE(std::system(command.c_str()) == 0);
  std::vector<std::string> lines;
  std::istringstream in(contentOf(out));
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t matching(const fs::path& file, const std::string& filter) {
  return tshark(file, "-T fields -e frame.number -Y '" + filter + "'").size();
}

// By the address that it comes from: packets, lost.
std::map<std::string, std::pair<int, int>> rtpStreams(const fs::path& file) {
  std::map<std::string, std::pair<int, int>> streams;
  for (const std::string& line : tshark(file, "-q -z rtp,streams")) {
    std::istringstream in(line);
    std::string start, end, from, port, to, toPort, ssrc, type;
    int packets = 0, lost = 0;
    if (in >> start >> end >> from >> port >> to >> toPort >> ssrc >> type >> packets >> lost)
      streams[from] = {packets, lost};
  }
  return streams;
}

// A table without quotes, by whoever sends.
std::map<std::string, Row> streamsOf(const fs::path& directory) {
  std::istringstream in(contentOf(directory / "runs" / "base-1" / "streams.csv"));
  const auto cells = [](const std::string& line) {
    std::vector<std::string> out;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) out.push_back(cell);
    return out;
  };
  std::string line;
  std::getline(in, line);
  const auto header = cells(line);
  std::map<std::string, Row> rows;
  while (std::getline(in, line)) {
    const auto values = cells(line);
    Row row;
    for (std::size_t i = 0; i < values.size(); ++i) row[header[i]] = values[i];
    rows[row.at("from")] = row;
  }
  return rows;
}

int count(const Row& stream, const std::string& column) {
  return std::stoi(stream.at(column));
}

// The result's directory.
fs::path runCaptured(const fs::path& dir, const std::string& places) {
  const Output run =
      runCallflow({"run", captured, "--pcap" + places, "--no-plots", "--format", "json"}, dir);
  INFO(run.err);
  REQUIRE(run.code == 0);
  return dir / Json::parse(run.out)["results"][0]["directory"].get<std::string>();
}

}  // namespace

TEST_CASE("tshark counts packets, losses and retransmissions as callflow does") {
  const fs::path directory =
      runCaptured(scratch("counts"),
                  "=alice@office, bob@home,carol@office,dave@home,erin@office,frank@home,"
                  "grace@shack/vpn,heidi@office,azure:westeurope/relay");
  const fs::path pcap = directory / "pcap";
  const auto streams = streamsOf(directory);
  REQUIRE(streams.size() == 8);

  // 20 s of 20 ms are 1000 packets, which leave the sender whole. Where its peer listens.
  const std::map<std::string, std::pair<std::string, std::string>> ends = {
      {"alice@office", {"alice@office", "bob@home"}},
      {"bob@home", {"bob@home", "alice@office"}},
      {"carol@office", {"carol@office", "dave@home"}},
      {"dave@home", {"dave@home", "carol@office"}},
      {"erin@office", {"erin@office", "frank@home"}},
      {"frank@home", {"frank@home", "erin@office"}},
      {"grace@shack", {"grace@shack_vpn", "heidi@office"}},
      {"heidi@office", {"heidi@office", "grace@shack_vpn"}}};
  for (const auto& [from, files] : ends) {
    INFO("from " << from);
    const Row& stream = streams.at(from);
    const int received = count(stream, "audio.packets_received[packets]");
    const int lost = count(stream, "audio.packets_lost[packets]");
    CHECK(received + lost == 1000);
    CHECK(lost > 0);
    // Of the two streams that an end sees, the one that it sends is whole.
    const auto sent = rtpStreams(pcap / ("base-" + files.first + ".pcap"));
    const auto come = rtpStreams(pcap / ("base-" + files.second + ".pcap"));
    REQUIRE(sent.size() == 2);
    REQUIRE(come.size() == 2);
    const auto whole = [](const auto& each) { return each.second == std::pair(1000, 0); };
    CHECK(std::count_if(sent.begin(), sent.end(), whole) == 1);
    CHECK(std::count_if(come.begin(), come.end(), [&](const auto& each) {
            return each.second == std::pair(received, lost);
          }) == 1);
  }

  // What erin sends again is seen at erin, what goes to her again at the relay.
  const std::string again =
      "(tcp.analysis.retransmission or tcp.analysis.fast_retransmission or "
      "tcp.analysis.spurious_retransmission or tcp.analysis.out_of_order)";
  const fs::path erin = pcap / "base-erin@office.pcap";
  const fs::path relay = pcap / "base-azure_westeurope_relay.pcap";
  const auto fromErin = matching(erin, "tcp.dstport == 443 and " + again);
  const auto toErin = matching(relay, "tcp.srcport == 443 and " + again);
  CHECK(fromErin > 0);
  CHECK(toErin > 0);
  CHECK(fromErin == static_cast<std::size_t>(
                        count(streams.at("erin@office"), "audio.retransmissions[segments]")));
  CHECK(toErin == static_cast<std::size_t>(
                      count(streams.at("frank@home"), "audio.retransmissions[segments]")));
  // Its receiver says what it has beyond each hole.
  CHECK(matching(erin, "tcp.options.sack.count > 0") > 0);
  CHECK(matching(erin,
                 "tcp.flags.syn == 1 and tcp.options.mss_val == 1460 and "
                 "tcp.options.wscale.shift == 7 and tcp.options.sack_perm") == 2);
}

TEST_CASE("tshark finds no fault in any packet, and knows each protocol") {
  const fs::path directory = runCaptured(scratch("faults"),
                                         "=office.uplink,hut,alice@office,carol@office,grace@shack,"
                                         "office.uplink up,office.uplink down");
  const auto file = [&](const std::string& name) {
    return directory / "pcap" / ("base-" + name + ".pcap");
  };
  // Checksums are not looked at unless tshark is asked to; 0 is wrong, 1 right.
  const std::string sums =
      " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE";
  for (const char* const name : {"office.uplink", "hut", "alice@office", "carol@office"}) {
    INFO(name);
    const auto wrong = [&](const std::string& filter) {
      return tshark(file(name), sums + " -T fields -e frame.number -Y '" + filter + "'").size();
    };
    CHECK(wrong("ip.checksum.status == 1") == matching(file(name), "ip"));
    CHECK(wrong("_ws.malformed") == 0);
    CHECK(
        wrong("ip.checksum.status == 0 or tcp.checksum.status == 0 or udp.checksum.status == 0 or "
              "stun.att.crc32.status == 0") == 0);
  }
  CHECK(matching(file("alice@office"), "stun.type == 0x0001") > 0);
  // Requests are answered, but for those that were lost.
  CHECK(matching(file("alice@office"), "stun.type == 0x0101 and stun.response-to") > 0);
  CHECK(matching(file("alice@office"), "rtp.p_type == 111 and rtp.ext.profile == 0xbede") > 1900);
  CHECK(matching(file("carol@office"), "stun.channel == 0x4000 and rtp") > 1900);
  // All that grace's computer sends and gets is the tunnel's.
  CHECK(matching(file("grace@shack"), "esp and udp.port == 4500") ==
        matching(file("grace@shack"), "frame"));
  // RTCP is found by those who know that RTP shares its port.
  CHECK(tshark(file("alice@office"),
               "-d udp.port==50000,rtp -T fields -e frame.number -Y "
               "'rtcp.pt == 200 and rtcp.sdes.text'")
            .size() > 0);
  // A link is its two directions.
  CHECK(matching(file("office.uplink"), "frame") ==
        matching(file("office.uplink_up"), "frame") +
            matching(file("office.uplink_down"), "frame"));
}

TEST_CASE("handshakes and records of TLS are dissected whole") {
  for (const char* const security : {"tls-1.2", "tls-1.3"}) {
    const fs::path dir = scratch(security);
    const Output run = runCallflow({"run", small, "--variant", "tcp-only", "--set",
                                    std::string("calls.chat.transport.security=") + security,
                                    "--pcap", "--no-plots", "-n", "1"},
                                   dir);
    INFO(run.err);
    REQUIRE(run.code == 0);
    const fs::path file =
        dir / "results" / "small" / "latest" / "pcap" / "tcp-only-alice@office.pcap";
    const auto seen = [&](const std::string& filter) {
      return tshark(file, "-d tcp.port==443,tls -T fields -e frame.number -Y '" + filter + "'")
          .size();
    };
    INFO(security);
    CHECK(seen("_ws.malformed or _ws.expert.severity == \"Error\"") == 0);
    CHECK(seen("tls.handshake.type == 1") == 1);
    CHECK(seen("tls.handshake.type == 2") == 1);
    CHECK(seen("tls.record.content_type == 23") > 1000);
    CHECK(seen("rtp") == 0);
  }
}

TEST_CASE("captures are the same bytes each time, and replaced as a whole") {
  const fs::path first = scratch("first"), second = scratch("second");
  for (const fs::path& dir : {first, second}) {
    const Output run = runCallflow(
        {"run", small, "--pcap", "--no-plots", "-n", "1", "-j", dir == first ? "1" : "3"}, dir);
    REQUIRE(run.code == 0);
    CHECK(run.out.find("  udp-open-alice@office.pcap  ") != std::string::npos);
  }
  const fs::path latest = fs::path("results") / "small" / "latest" / "pcap";
  const auto files = filesBelow(fs::canonical(first / latest));
  CHECK(files == std::vector<std::string>{"tcp-only-alice@office.pcap", "tcp-only-bob@home.pcap",
                                          "udp-open-alice@office.pcap", "udp-open-bob@home.pcap"});
  for (const std::string& file : files)
    CHECK(contentOf(first / latest / file) == contentOf(second / latest / file));

  // The results are there; other places are asked for.
  const Output again = runCallflow({"run", small, "--pcap=router", "--no-plots", "-n", "1"}, first);
  CHECK(again.code == 0);
  CHECK(filesBelow(fs::canonical(first / latest)) ==
        std::vector<std::string>{"tcp-only-router.pcap", "udp-open-router.pcap"});
}

TEST_CASE("a capture at a place that is not there writes nothing and says what is there") {
  const fs::path dir = scratch("wrong");
  const Output run = runCallflow({"run", small, "--pcap=alcie@office,lab", "--no-plots"}, dir);
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK(run.err.find("--pcap: there is no link or node \"alcie@office\" in small; did you mean "
                     "\"alice@office\"?\n") != std::string::npos);
  CHECK(run.err.find("--pcap: there is no link or node \"lab\" in small\n") != std::string::npos);
  CHECK(run.err.find("office.uplink") != std::string::npos);
  CHECK_FALSE(fs::exists(dir / "results"));
}

}  // namespace callflow::test
