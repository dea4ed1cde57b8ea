// What the comparison with real Chromium calls reads and how it judges; the comparison itself is
// the test chromium_audio.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "validation/chromium_study.h"
#include "validation/csv.h"

using namespace callflow;
using namespace callflow::validation;

namespace {

std::string fileWith(const std::string& rows) {
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/calls.csv";
  std::ofstream(path) << "id,kind,relay,tcp_cc,owd_ms,loss_pct,dir,superseded,T,audio_jb_ms,"
                         "conceal_pct\n"
                      << rows;
  return path;
}

}  // namespace

TEST_CASE("Audio rows are read and superseded ones give way") {
  const auto calls =
      readCalls(fileWith("a,audio,tcp,cubic,100,1.5,uplink(A->T),0,50,285.9,0.4\n"
                         "b,audio,udp,,25,0,downlink(T->A),1,50,55,0.1\n"
                         "c,audio,udp,,25,0,downlink(T->A),0,50,30,\n"
                         "d,audio,udp,,25,2,downlink(T->A),1,50,60,2\n"
                         "e,av,udp,,25,0,uplink(A->T),0,30,20,0\n"));
  REQUIRE(calls.size() == 3);
  CHECK(calls[0].id == "a");
  CHECK(calls[0].uplink);
  CHECK(describe(calls[0].condition) == "synthetic, TCP (cubic), 100 ms, 1.5 %");
  CHECK(calls[0].condition.length == Duration::s(50));
  CHECK(calls[0].values[Quantity::bufferDelay] == 285.9);
  CHECK(calls[1].id == "c");
  CHECK(std::isnan(calls[1].values[Quantity::concealed]));
  CHECK(std::isnan(calls[1].values[Quantity::bufferTarget]));  // no such column
  CHECK(calls[2].id == "d");                                   // nothing took its place
}

TEST_CASE("A file says what its microphone heard, or its kind does") {
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/content.csv";
  const auto read = [&](const std::string& column, const std::string& field,
                        std::optional<media::Content> otherwise = {}) {
    std::ofstream(path) << "id,kind,relay,tcp_cc,owd_ms,loss_pct,dir,superseded,T" << column
                        << "\na,audio,udp,,25,0,uplink,0,50" << field << "\n";
    return readCalls(path, otherwise).front().condition.content;
  };
  CHECK(read("", "") == media::Content::synthetic);
  CHECK(read("", "", media::Content::speech) == media::Content::speech);
  CHECK(read(",host_idle_pct", ",90") == media::Content::speech);
  CHECK(read(",content", ",speech", media::Content::synthetic) == media::Content::speech);
  CHECK(read(",content,host_idle_pct", ",synthetic,90") == media::Content::synthetic);
  CHECK_THROWS_AS(read(",content", ",music"), InputError);
}

TEST_CASE("Mistakes in a file of calls are told with their line") {
  const auto said = [](const std::string& rows) {
    try {
      readCalls(fileWith(rows));
    } catch (const InputError& error) {
      const std::string what = error.what();
      return what.substr(what.rfind("calls.csv"));
    }
    return std::string("nothing");
  };
  CHECK(said("a,audio,sctp,,25,0,uplink,0,50,1,1\n") ==
        "calls.csv:2: relay is neither udp nor tcp");
  CHECK(said("a,audio,udp,,25,101,uplink,0,50,1,1\n") ==
        "calls.csv:2: loss_pct is not between 0 and 100");
  CHECK(said("a,audio,udp,,-1,0,uplink,0,50,1,1\n") ==
        "calls.csv:2: owd_ms is not between 0 and 10000");
  CHECK(said("a,audio,udp,,1,0,sideways,0,50,1,1\n") ==
        "calls.csv:2: dir is neither uplink nor downlink");
  CHECK(said("a,audio,udp,,1,0,uplink,0,0,1,1\n") == "calls.csv:2: T is not between 0 and 86400 s");
  CHECK(said("a,av,udp,,1,0,uplink,0,50,1,1\n") == "calls.csv: has no audio calls");
}

TEST_CASE("A call is judged by the larger of its bars, and pairs by their order") {
  // Impossible figures, so that they are surely missed: 400 ms of buffer without loss.
  const auto calls =
      readCalls(fileWith("a,audio,udp,,25,0,uplink(A->T),0,20,30,0\n"
                         "b,audio,udp,,25,0,downlink(T->A),0,20,400,0\n"
                         "c,audio,udp,,25,10,uplink(A->T),0,20,45,6.5\n"
                         "d,audio,tcp,vegas,25,0,uplink(A->T),0,20,30,0\n"));
  const Comparison comparison =
      compareCalls(calls, CALLFLOW_SOURCE_DIR "/validation/data/chromium_audio.yaml", 3, 2);
  REQUIRE(comparison.calls.size() == 4);
  const auto& fine = comparison.calls[0].judgement(Quantity::bufferDelay);
  REQUIRE(fine);
  CHECK(fine->allowed == 20);
  CHECK(fine->met);
  const auto& off = comparison.calls[1].judgement(Quantity::bufferDelay);
  REQUIRE(off);
  CHECK(off->allowed == 100);
  CHECK_FALSE(off->met);
  CHECK_FALSE(comparison.calls[0].judgement(Quantity::bufferTarget));  // not measured
  CHECK_FALSE(comparison.calls[3].offered);
  CHECK(comparison.pairs == 1);  // concealment of a and c; all else is too close or another way
  CHECK(comparison.disorders.empty());
  CHECK(misses(comparison) ==
        std::vector<std::string>{"synthetic, UDP, 25 ms, 0 %, downlink: jitter buffer"});
}
