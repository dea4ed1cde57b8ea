// What `run --audio` leaves behind: sound files that hold what the metrics count.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "models/media/opus_sizes.h"
#include "src/audio/files.h"
#include "src/sim/audio.h"
#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Rows = std::vector<std::map<std::string, std::string>>;

const std::string small = CALLFLOW_SOURCE_DIR "/tests/cli/input/small.yaml";
constexpr double sampleLength = 1.0 / 48'000;

fs::path scratch(const std::string& name) {
  return emptyDirectory(CALLFLOW_TEST_DIR, name);
}

// As anybody reads it: a large table is a gzip file.
std::string textOf(const fs::path& file) {
  if (fs::exists(file)) return contentOf(file);
  const fs::path text = fs::path(CALLFLOW_TEST_DIR) / "unpacked";
  const std::string command = "gzip -dc '" + file.string() + ".gz' >'" + text.string() + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  return contentOf(text);
}

// A table without quotes, as run tables of these scenarios are.
Rows tableOf(const fs::path& file) {
  std::istringstream in(textOf(file));
  const auto cells = [](const std::string& line) {
    std::vector<std::string> out;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) out.push_back(cell);
    return out;
  };
  std::string line;
  std::getline(in, line);
  const auto header = cells(line);
  Rows rows;
  while (std::getline(in, line)) {
    const auto values = cells(line);
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < values.size(); ++i) row[header[i]] = values[i];
  }
  return rows;
}

// By the metrics of one stream of the first run, in seconds.
double concealedOf(const fs::path& directory, const std::string& variant, const std::string& from) {
  for (const auto& row : tableOf(directory / "runs" / (variant + "-1") / "streams.csv")) {
    if (row.at("from") != from) continue;
    const double ratio = std::stod(row.at("audio.concealed_ratio[%]")) / 100;
    return std::stod(row.at("played")) * 0.020 * ratio / (1 - ratio);
  }
  FAIL("no stream of " + variant + " from " + from);
  return 0;
}

TEST_CASE("the sound that was made up is what the metrics count, and all is in the file") {
  const fs::path dir = scratch("sound");
  const Output run =
      runCallflow({"run", small, "--audio", "--no-plots", "--format", "json", "-n", "1"}, dir);
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Json result = Json::parse(run.out).at("results").at(0);
  const Json& sound = result.at("sound");
  REQUIRE(sound.size() == 4);
  double made_up = 0;
  for (const std::string variant : {"udp-open", "tcp-only"}) {
    for (const auto& [from, to] : std::map<std::string, std::string>{
             {"alice@office", "bob@home"}, {"bob@home", "alice@office"}}) {
      const std::string name = variant + "-" + from + "-to-" + to + ".opus";
      INFO(name);
      const auto file = std::find_if(sound.begin(), sound.end(), [&](const Json& one) {
        return fs::path(one.at("file").get<std::string>()).filename() == name;
      });
      REQUIRE(file != sound.end());
      const double concealed = file->at("concealed_s").get<double>();
      made_up += concealed;
      CHECK(concealed ==
            Approx(concealedOf(dir / result.at("directory").get<std::string>(), variant, from))
                .margin(sampleLength));
      const auto heard = audio::readSpeech(dir / file->at("file").get<std::string>());
      const double length = file->at("length_s").get<double>();
      CHECK(static_cast<double>(heard.size()) * sampleLength ==
            Approx(length).margin(sampleLength));
      // 30 s less 2 s of warm-up; the buffer's target and the last frames decide about the rest.
      CHECK(length == Approx(28).margin(0.5));
      double power = 0;
      for (const float sample : heard)
        power += static_cast<double>(sample) * static_cast<double>(sample);
      CHECK(std::sqrt(power / static_cast<double>(heard.size())) > 0.01);
    }
  }
  CHECK(made_up > 0.1);  // bursts of 60 ms at 2 % for 28 s are heard
}

TEST_CASE("sound is made of a result that is there, with other speech, and is the same each time") {
  const fs::path dir = scratch("again");
  REQUIRE(runCallflow({"run", small, "-q", "--no-plots", "-n", "1"}, dir).code == 0);
  CHECK_FALSE(fs::exists(dir / "results/small/latest/audio"));
  const Output text = runCallflow({"run", small, "--audio", "--no-plots", "-n", "1"}, dir);
  CHECK(text.code == 0);
  CHECK(text.err.find("already there") != std::string::npos);
  const fs::path file = dir / "results/small/latest/audio/tcp-only-alice@office-to-bob@home.opus";
  REQUIRE(fs::exists(file));
  CHECK(text.out.find("sound    results/small/") != std::string::npos);
  CHECK(text.out.find("tcp-only-alice@office-to-bob@home.opus  ") != std::string::npos);
  const std::string first = contentOf(file);
  // A sound file may be what is said in the next.
  fs::copy_file(file, dir / "mine.opus");
  REQUIRE(
      runCallflow({"run", small, "--audio", "--speech", "mine.opus", "--no-plots", "-q", "-n", "1"},
                  dir)
          .code == 0);
  CHECK(contentOf(file) != first);
  REQUIRE(
      runCallflow({"run", small, "--audio", "--no-plots", "-q", "-n", "1", "-j", "1"}, dir).code ==
      0);
  CHECK(contentOf(file) == first);
}

// Of the first samples: power over that of the difference, in dB.
double likeness(const std::vector<float>& a, const std::vector<float>& b, std::size_t until) {
  double power = 0, changed = 0;
  for (std::size_t i = 0; i < until; ++i) {
    const double here = a.at(i);
    const double there = b.at(i);
    power += here * here;
    changed += (here - there) * (here - there);
  }
  return 10 * std::log10(power / changed);
}

TEST_CASE("a copy of a frame in the next packet costs the coding nothing") {
  const fs::path dir = scratch("red");
  std::ofstream(dir / "red.yaml") << R"(
scenario: red
topology:
  sites: {office: {location: westeurope, uplink: {rate: 10 Mbit/s, delay: 5 ms, loss: 3%}}}
  remote: {home: {location: westeurope}}
calls:
  - name: chat
    participants: [alice@office, bob@home]
    duration: 12 s
    audio: {fec: off, jitter-buffer: {kind: fixed, delay: 60 ms}}
variants:
  plain: {}
  red: {change: {calls.chat.audio.red: true}}
  poorer: {change: {calls.chat.audio.bitrate: 28 kbit/s}}
)";
  const Output run =
      runCallflow({"run", "red.yaml", "--audio", "--no-plots", "-q", "-n", "1"}, dir);
  INFO(run.err);
  REQUIRE(run.code == 0);
  const fs::path result = dir / "results/red/latest";
  // Both lose the same packets; in the one call they are made up, in the other the copy is played.
  // Up to the first of them both hear the same.
  const std::string listener = "alice@office-to-bob@home.opus";
  const auto plain = audio::readSpeech(result / "audio" / ("plain-" + listener));
  const auto red = audio::readSpeech(result / "audio" / ("red-" + listener));
  const auto poorer = audio::readSpeech(result / "audio" / ("poorer-" + listener));
  double same = 0;
  bool recovered = false;
  for (const auto& row : tableOf(result / "runs/red-1/playout.csv")) {
    if (row.at("from") != "alice@office") continue;
    recovered = recovered || row.at("sound") == "recovered";
    if (!recovered) same += std::stod(row.at("length[ms]")) / 1000;
  }
  REQUIRE(recovered);
  REQUIRE(same > 0.1);
  // The file's own coding hears a little of what comes, and changes far less by it than by
  // another bit rate of the call.
  const auto until = static_cast<std::size_t>((same - 0.02) / sampleLength);
  CHECK(likeness(plain, red, until) > likeness(plain, poorer, until) + 6);
}

// Where in the recorded speech the sound begins, in steps of 20 ms: there it is loud where words
// are, and soft between them.
std::int64_t placeOf(const std::vector<float>& sound) {
  constexpr std::size_t kStep = 960;
  std::vector<double> loud;
  for (std::size_t at = 0; at + kStep <= sound.size(); at += kStep) {
    double power = 0;
    for (std::size_t i = at; i < at + kStep; ++i)
      power += static_cast<double>(sound[i]) * static_cast<double>(sound[i]);
    loud.push_back(std::log10(power + 1e-6));
  }
  const std::span<const std::uint8_t> words = media::recordedSpeech();
  std::size_t best = 0;
  double most = -1e9;
  for (std::size_t shift = 0; shift < words.size(); ++shift) {
    double within = 0, between = 0, spoken = 0;
    for (std::size_t i = 0; i < loud.size(); ++i) {
      const bool word = words[(shift + i) % words.size()] != 0;
      (word ? within : between) += loud[i];
      spoken += word ? 1 : 0;
    }
    const double difference =
        within / spoken - between / (static_cast<double>(loud.size()) - spoken);
    if (difference <= most) continue;
    most = difference;
    best = shift;
  }
  return static_cast<std::int64_t>(best);
}

TEST_CASE("what is heard is said where the simulation had it said") {
  const fs::path dir = scratch("place");
  std::ofstream(dir / "place.yaml") << R"(
scenario: place
topology:
  sites: {office: {location: westeurope, uplink: {rate: 10 Mbit/s}}}
  remote: {home: {location: westeurope}}
calls:
  - {name: chat, participants: [alice@office, bob@home], duration: 22 s}
seed: 4
warm-up: 2 s
)";
  const Output run =
      runCallflow({"run", "place.yaml", "--audio", "--no-plots", "-q", "-n", "1"}, dir);
  INFO(run.err);
  REQUIRE(run.code == 0);
  const auto steps = static_cast<std::int64_t>(media::recordedSpeech().size());
  std::set<std::int64_t> places;
  for (const std::string who : {"alice@office", "bob@home"}) {
    INFO(who);
    const std::string other = who == "bob@home" ? "alice@office" : "bob@home";
    const auto sound = audio::readSpeech(dir / "results/place/latest/audio" /
                                         ("base-" + who + "-to-" + other + ".opus"));
    // 2 s of warm-up are 100 frames. libopus' voice activity lags behind the sound by some steps.
    const std::int64_t expected = (sim::speechStart("chat", who, 4, 1) + 100) % steps;
    const std::int64_t off = (placeOf(sound) - expected + steps + steps / 2) % steps - steps / 2;
    CHECK(std::abs(off) <= 4);
    places.insert(expected);
  }
  CHECK(places.size() == 2);
}

TEST_CASE("speech that cannot be read is a mistake of the user's, before anything is run") {
  const fs::path dir = scratch("speech");
  const Output missing = runCallflow({"run", small, "--audio", "--speech", "none.wav"}, dir);
  CHECK(missing.code == 2);
  CHECK(missing.err.find("callflow run: --speech: none.wav: ") == 0);
  CHECK(missing.err.find("give a WAV, FLAC or Ogg file of speech") != std::string::npos);
  const Output text = runCallflow({"run", small, "--audio", "--speech", small}, dir);
  CHECK(text.code == 2);
  const Output alone = runCallflow({"run", small, "--speech", "none.wav"}, dir);
  CHECK(alone.code == 2);
  CHECK(alone.err.find("--audio") != std::string::npos);
  CHECK_FALSE(fs::exists(dir / "results"));
}

}  // namespace
}  // namespace callflow::test
