#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/quality/score.h"
#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/sim/audio.h"
#include "src/units/units.h"

namespace callflow::cli {
namespace {

struct Texts {
  std::string codec = "opus";
  std::string bitrate;
  std::string loss = "0%";
  std::string delay = "0 ms";
  double burstRatio = 1;
  std::string format = "text";
};

template <class T>
T parsed(const char* option, const std::string& text, Parsed<T> (*parse)(std::string_view)) {
  const Parsed<T> result = parse(text);
  if (!result.value) throw UsageError(std::string(option) + ": " + result.problem);
  return *result.value;
}

std::vector<std::string> codecNames() {
  std::vector<std::string> names;
  for (const auto& codec : quality::allCodecs()) names.emplace_back(codec.name);
  for (const auto& [codec, name] : media::kAudioCodecNames) {
    if (!quality::codecNamed(name)) names.emplace_back(name);
  }
  return names;
}

// By the name of its published figures, or by a scenario's name of it: pcmu is scored as g711-plc.
std::optional<quality::Codec> codecNamed(std::string_view text) {
  if (const auto codec = quality::codecNamed(text)) return codec;
  for (const auto& [codec, name] : media::kAudioCodecNames) {
    if (text != name) continue;
    media::Audio audio;
    audio.codec = codec;
    return sim::scoredAs(audio);
  }
  return std::nullopt;
}

// Where none is written: what Opus has in a WebRTC call, or the nearest that is published.
DataRate usualBitrate(quality::Codec codec) {
  const auto points = quality::traits(codec).points;
  return std::clamp(DataRate::kbps(32), points.front().bitrate, points.back().bitrate);
}

quality::ScoreInput inputOf(const Texts& texts) {
  quality::ScoreInput input;
  const auto codec = codecNamed(texts.codec);
  if (!codec) {
    throw UsageError("--codec: there is no codec \"" + texts.codec + "\"" +
                     didYouMean(texts.codec, codecNames()) + " (codecs: " + listed(codecNames()) +
                     ")");
  }
  input.codec = *codec;
  input.bitrate = texts.bitrate.empty() ? usualBitrate(*codec)
                                        : parsed("--bitrate", texts.bitrate, parseDataRate);
  const auto points = quality::traits(*codec).points;
  if (points.size() == 1 && input.bitrate != points.front().bitrate) {
    throw UsageError("--bitrate: " + texts.codec + " has " + toText(points.front().bitrate) +
                     " and no other rate; leave it out");
  }
  input.loss = parsed("--loss", texts.loss, parseRatio);
  if (input.loss > Ratio::percent(100)) throw UsageError("--loss: at most 100% can be lost");
  input.delay = parsed("--delay", texts.delay, parseDuration);
  if (!std::isfinite(texts.burstRatio) || texts.burstRatio < 1) {
    throw UsageError("--burst-ratio: is at least 1, which is random loss");
  }
  input.burstRatio = texts.burstRatio;
  return input;
}

std::vector<std::string> outOfRange(const quality::OutOfRange& flags) {
  std::vector<std::string> names;
  for (const quality::RangeRow& row : quality::allRanges()) {
    if (flags.has(row.flag)) names.emplace_back(row.name);
  }
  return names;
}

std::string rangeNotes(const quality::OutOfRange& flags) {
  std::string notes;
  for (const quality::RangeRow& row : quality::allRanges()) {
    if (!flags.has(row.flag)) continue;
    notes +=
        fmt::format("note: {}: beyond what the model was made for ({})\n", row.limit, row.source);
  }
  return notes;
}

std::string jsonText(const quality::ScoreInput& input, const quality::Score& score) {
  nlohmann::ordered_json json;
  json["codec"] = std::string(quality::traits(input.codec).name);
  json["bitrate_bps"] = input.bitrate.count();
  json["loss"] = input.loss.value();
  json["burst_ratio"] = input.burstRatio;
  json["delay_s"] = input.delay.seconds();
  json["scale"] = quality::name(score.scale);
  json["r"] = score.r;
  json["mos"] = score.mos;
  json["r_listening"] = score.rListening;
  json["mos_listening"] = score.mosListening;
  json["delay_impairment"] = score.idd;
  json["equipment_impairment"] = score.ieEff;
  json["ie"] = score.ie;
  json["bpl"] = score.bpl;
  json["burst_ratio_used"] = score.burstRatio;
  json["out_of_range"] = outOfRange(score.outOfRange);
  return json.dump(2) + "\n";
}

std::string plainText(const quality::ScoreInput& input, const quality::Score& score) {
  return fmt::format(
      "{} at {}, {} lost, burst ratio {:g}, {} mouth to ear\n"
      "                    R    MOS\n"
      "conversation   {:6.2f}   {:4.2f}   delay costs {:.2f}\n"
      "listening      {:6.2f}   {:4.2f}   codec and loss cost {:.2f}\n"
      "{} scale: at best {:.5g}; codec's figures from {}\n{}",
      quality::traits(input.codec).name, toText(input.bitrate), toText(input.loss),
      input.burstRatio, toText(input.delay), score.r, score.mos, score.idd, score.rListening,
      score.mosListening, score.ieEff, quality::name(score.scale), quality::bestR(score.scale),
      quality::traits(input.codec).source, rangeNotes(score.outOfRange));
}

int mos(const Texts& texts) {
  const quality::ScoreInput input = inputOf(texts);
  const quality::Score score = quality::score(input);
  printResult(texts.format == "json" ? jsonText(input, score) : plainText(input, score));
  return exitFine;
}

}  // namespace

Action setUpMos(CLI::App& app) {
  auto texts = std::make_shared<Texts>();
  app.add_option("--codec", texts->codec, "Codec: " + listed(codecNames()))
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--bitrate", texts->bitrate, "Bit rate of the codec's payload")
      ->type_name("RATE")
      ->default_str("32 kbit/s, or the nearest that the codec has");
  app.add_option("--loss", texts->loss, "Frames that cannot be played, of all")
      ->type_name("RATIO")
      ->capture_default_str();
  app.add_option("--burst-ratio", texts->burstRatio,
                 "Mean length of a loss burst over that of random loss")
      ->check(number())
      ->type_name("NUMBER")
      ->capture_default_str();
  app.add_option("--delay", texts->delay, "Mouth to ear, one way")
      ->type_name("TIME")
      ->capture_default_str();
  app.add_option("--format", texts->format, "text or json (full precision)")
      ->check(oneOf({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  return [texts] { return mos(*texts); };
}

}  // namespace callflow::cli
