// What `run --pcap` leaves behind, as Wireshark's tshark reads it: other people's dissectors, and
// counts that callflow makes elsewhere.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
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
// clear (or as `options` say), and TCP's streams are put together as their receiver does.
std::vector<std::string> tshark(const fs::path& file, const std::string& options) {
  const fs::path out = fs::path(CALLFLOW_TEST_DIR) / "tshark.txt";
  const std::string command =
      "tshark -n -q -r '" + file.string() +
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

// How many packets each of these filters lets through. In one go, as tshark takes its time to
// start.
std::vector<int> matching(const fs::path& file, const std::vector<std::string>& filters,
                          const std::string& options = {}) {
  std::string table = "io,stat,0";
  for (const std::string& filter : filters) table += "," + filter;
  for (const std::string& line : tshark(file, options + " -z '" + table + "'")) {
    if (line.find("<>") == std::string::npos) continue;
    // | from <> to | packets | bytes | packets | bytes ...
    std::istringstream row(line);
    std::vector<int> counts;
    std::string cell;
    for (int i = 0; std::getline(row, cell, '|'); ++i)
      if (i >= 2 && i % 2 == 0 && cell.find_first_of("0123456789") != std::string::npos)
        counts.push_back(std::stoi(cell));
    REQUIRE(counts.size() == filters.size());
    return counts;
  }
  FAIL("tshark says nothing of " + file.string());
  return {};
}

// By the address that it comes from, to whichever of the other's: packets, lost.
std::map<std::string, std::pair<int, int>> rtpStreams(const fs::path& file) {
  std::map<std::string, std::pair<int, int>> streams;
  for (const std::string& line : tshark(file, "-z rtp,streams")) {
    std::istringstream in(line);
    std::string start, end, from, port, to, toPort, ssrc, type;
    int packets = 0, lost = 0;
    if (!(in >> start >> end >> from >> port >> to >> toPort >> ssrc >> type >> packets >> lost))
      continue;
    streams[from].first += packets;
    streams[from].second += lost;
  }
  return streams;
}

// A table, by whoever sends.
std::map<std::string, Row> streamsOf(const fs::path& directory) {
  std::istringstream in(contentOf(directory / "runs" / "base-1" / "streams.csv"));
  const auto cells = [](const std::string& line) {
    std::vector<std::string> out;
    std::string cell;
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        out.push_back(std::exchange(cell, {}));
      } else {
        cell += c;
      }
    }
    out.push_back(cell);
    return out;
  };
  std::string line;
  std::getline(in, line);
  const auto header = cells(line);
  std::map<std::string, Row> rows;
  while (std::getline(in, line)) {
    const auto values = cells(line);
    Row row;
    REQUIRE(values.size() == header.size());
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
  std::map<std::string, std::map<std::string, std::pair<int, int>>> seen;
  for (const auto& [from, files] : ends) {
    seen[files.first] = rtpStreams(pcap / ("base-" + files.first + ".pcap"));
    REQUIRE(seen[files.first].size() == 2);
  }
  for (const auto& [from, files] : ends) {
    INFO("from " << from);
    const Row& stream = streams.at(from);
    const int received = count(stream, "audio.packets_received[packets]");
    const int lost = count(stream, "audio.packets_lost[packets]");
    CHECK(received + lost == 1000);
    CHECK(lost > 0);
    // Of the two streams that an end sees, the one that it sends is whole.
    const auto &sent = seen[files.first], &come = seen[files.second];
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
  const auto erin = matching(
      pcap / "base-erin@office.pcap",
      {"tcp.dstport == 443 and " + again, "tcp.options.sack.count > 0",
       "tcp.flags.syn == 1 and tcp.options.mss_val == 1460 and tcp.options.wscale.shift == 7"});
  // Frank has a connection to it, too: this is the office's address.
  const auto relay = matching(pcap / "base-azure_westeurope_relay.pcap",
                              {"tcp.srcport == 443 and ip.dst == 203.0.113.1 and " + again});
  CHECK(erin[0] > 0);
  CHECK(erin[0] == count(streams.at("erin@office"), "audio.retransmissions[segments]"));
  CHECK(relay[0] > 0);
  CHECK(relay[0] == count(streams.at("frank@home"), "audio.retransmissions[segments]"));
  // Its receiver says what it has beyond each hole.
  CHECK(erin[1] > 0);
  CHECK(erin[2] == 2);
}

TEST_CASE("tshark finds no fault in any packet, and knows each protocol") {
  const fs::path dir = scratch("faults");
  const Output run = runCallflow(
      {"run", captured,
       "--pcap=office.uplink,alice@office,carol@office,grace@shack,office.uplink up,office.uplink "
       "down",
       "--no-plots", "--format", "json"},
      dir);
  INFO(run.err);
  REQUIRE(run.code == 0);
  std::map<std::string, fs::path> files;  // by place, "@" and dots as they are
  std::map<std::string, int> packets;
  const Json result = Json::parse(run.out)["results"][0];
  for (const Json& file : result["captures"]) {
    const fs::path path = dir / file["file"].get<std::string>();
    files[path.stem().string()] = path;
    packets[path.stem().string()] = file["packets"];
  }
  REQUIRE(files.size() == 6);
  // A link is its two directions.
  CHECK(packets.at("base-office.uplink") ==
        packets.at("base-office.uplink_up") + packets.at("base-office.uplink_down"));

  const std::string protocols[][3] = {
      // A check, its answer; what carol says to her relay.
      {"base-alice@office", "stun.type == 0x0101 and stun.response-to",
       "rtp.p_type == 111 and rtp.ext.profile == 0xbede"},
      {"base-carol@office", "stun.channel == 0x4000", "stun.channel == 0x4000 and rtp"},
      {"base-grace@shack", "frame", "esp and udp.port == 4500"},
      {"base-office.uplink", "tcp.port == 443", "esp"}};
  for (const auto& [name, first, second] : protocols) {
    INFO(name);
    // Checksums are not looked at unless tshark is asked to: 0 is wrong, 1 right. ESP numbers its
    // packets, of which some are lost.
    const auto counts = matching(
        files.at(name),
        {"frame", "ip.checksum.status == 1", "_ws.malformed",
         "ip.checksum.status == 0 or tcp.checksum.status == 0 or udp.checksum.status == 0 or "
         "stun.att.crc32.status == 0",
         first, second},
        "-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE");
    CHECK(counts[0] == packets.at(name));
    CHECK(counts[1] == counts[0]);
    CHECK(counts[2] == 0);
    CHECK(counts[3] == 0);
    CHECK(counts[4] > 0);
    CHECK(counts[5] > 500);
    // All that grace's computer sends and gets is the tunnel's.
    if (name == "base-grace@shack") CHECK(counts[5] == counts[0]);
  }
  // How carol came to her relay: Allocate without and with her name, a 401 between them, and what
  // lets others and their channels in; how alice and bob agreed on keys.
  for (const int each :
       matching(files.at("base-carol@office"),
                {"stun.type == 0x0003 and !stun.att.username", "stun.type == 0x0113",
                 "stun.type == 0x0003 and stun.att.username", "stun.type == 0x0103",
                 "stun.type == 0x0008", "stun.type == 0x0108", "stun.type == 0x0009",
                 "stun.type == 0x0109"}))
    CHECK(each >= 1);
  CHECK(matching(files.at("base-alice@office"), {"dtls.handshake or dtls.record"})[0] >= 1);
  // RTCP is found by those who know that RTP shares its port, one of the first twenty.
  const auto reports = matching(files.at("base-alice@office"),
                                {"rtcp.pt == 200 and rtcp.sdes.text", "_ws.malformed"},
                                "-d udp.port==50000-50019,rtp");
  CHECK(reports[0] > 0);
  CHECK(reports[1] == 0);
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
    INFO(security);
    const auto seen =
        matching(file,
                 {"_ws.malformed or _ws.expert.severity == 8388608", "tls.handshake.type == 1",
                  "tls.handshake.type == 2", "tls.app_data", "rtp"},
                 "-d tcp.port==443,tls");
    CHECK(seen[0] == 0);
    CHECK(seen[1] == 1);
    CHECK(seen[2] == 1);
    CHECK(seen[3] > 1000);
    CHECK(seen[4] == 0);
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
