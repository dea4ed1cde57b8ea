#include "src/cli/sound.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <set>
#include <thread>

#include "models/client/in_band_fec.h"
#include "models/media/opus_sizes.h"
#include "src/audio/files.h"
#include "src/audio/render.h"
#include "src/cli/file_names.h"
#include "src/cli/stop_signal.h"
#include "src/results/aside.h"
#include "src/results/directory.h"
#include "src/sim/audio.h"

namespace callflow::cli {
namespace {

using metrics::PlayoutPart;
using metrics::PlayoutSound;
using metrics::StreamRecord;

// RFC 2198 carries the frame itself, in-band FEC a coarser one.
PlayoutSound heardAs(PlayoutSound sound, bool red) {
  return sound == PlayoutSound::recovered && red ? PlayoutSound::played : sound;
}

// The first frame that is scored.
std::int64_t firstFrame(const StreamRecord& stream) {
  std::int64_t first = stream.playout.front().sequence;
  for (const PlayoutPart& part : stream.playout) first = std::min(first, part.sequence);
  return first;
}

// From that frame on.
std::vector<audio::Heard> heard(const topology::Call& call, const StreamRecord& stream) {
  const std::int64_t first = firstFrame(stream);
  std::vector<audio::Heard> parts;
  parts.reserve(stream.playout.size());
  for (const PlayoutPart& part : stream.playout)
    parts.push_back(
        {heardAs(part.sound, call.audio.red), part.sequence - first, part.length, part.faded});
  return parts;
}

// libopus gives the copies a share of the bit rate that grows with the loss it expects, and makes
// none below the loss at which it finds them worth it. The sender was told of such a loss.
int expectedPercent(const topology::Call& call, const StreamRecord& stream) {
  constexpr int kMost = 20;  // libwebrtc: kMaxPacketLossFraction
  const double lost = stream.totals[metrics::MetricId::audio_lost_ratio];
  int percent = std::clamp(static_cast<int>(lost * 100 + 0.5), 1, kMost);
  while (percent < kMost && !client::fecPays(call.audio, Ratio::percent(percent), true)) ++percent;
  return percent;
}

audio::Encoding encodingOf(const topology::Call& call, const StreamRecord& stream) {
  audio::Encoding encoding;
  encoding.frame = call.audio.frame;
  if (call.audio.codec == topology::AudioCodec::opus) {
    encoding.bitrate = call.audio.bitrate;
    encoding.variable = call.audio.rateControl == topology::RateControl::vbr;
  } else {
    // Opus stands in for the codecs of telephones: of their band, and at their rate no worse.
    encoding.bitrate = DataRate::kbps(64);
    encoding.band =
        call.audio.codec == topology::AudioCodec::g722 ? audio::Band::wide : audio::Band::narrow;
  }
  encoding.fec = !call.audio.red && std::any_of(stream.playout.begin(), stream.playout.end(),
                                                [](const PlayoutPart& part) {
                                                  return part.sound == PlayoutSound::recovered;
                                                });
  encoding.expectedLoss = Ratio::percent(expectedPercent(call, stream));
  return encoding;
}

std::string nameOf(const std::string& variant, const StreamRecord& stream, bool severalCalls) {
  return fileName(variant + "-" + (severalCalls ? stream.call + "-" : "") + stream.from + "-to-" +
                  stream.to);
}

struct Work {
  const topology::Call* call;
  const StreamRecord* stream;
  const Speech* speech;
  std::int64_t start;  // of its sender in recorded speech, in steps
  SoundFile* file;
};

// The speech as the stream's sender speaks it, from the first scored frame on. Frames that DTX does
// not send have no numbers, so that what follows such a pause begins earlier in it.
std::vector<float> spoken(const Work& work) {
  constexpr Duration kStep = Duration::ms(20);  // of recordedSpeech()
  constexpr std::size_t kSamples = audio::kSampleRate / 50;
  const std::vector<float>& speech = work.speech->samples;
  const std::size_t steps = media::recordedSpeech().size();
  if (!work.speech->recorded || speech.size() < steps * kSamples) return speech;
  const std::int64_t before = work.call->audio.frame * firstFrame(*work.stream) / kStep;
  const std::size_t step = static_cast<std::size_t>(work.start + before) % steps;
  std::vector<float> turned(speech.begin(),
                            speech.begin() + static_cast<std::ptrdiff_t>(steps * kSamples));
  std::rotate(turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(step * kSamples),
              turned.end());
  return turned;
}

void render(const Work& work, const std::filesystem::path& directory) {
  const audio::Rendering rendering = audio::render(
      spoken(work), encodingOf(*work.call, *work.stream), heard(*work.call, *work.stream));
  results::writeFile(directory / work.file->name, audio::oggOpus(rendering.sound));
  const auto duration = [](std::size_t samples) {
    return Duration::ns(static_cast<std::int64_t>(samples) * 1'000'000'000 / audio::kSampleRate);
  };
  work.file->length = duration(rendering.sound.size());
  work.file->concealed = duration(static_cast<std::size_t>(rendering.concealed));
}

void renderAll(const std::vector<Work>& work, const std::filesystem::path& directory,
               std::size_t parallel) {
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> errors(work.size());
  const auto worker = [&] {
    for (std::size_t i = next++; i < work.size() && !StopSignals::received(); i = next++) {
      try {
        render(work[i], directory);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    }
  };
  std::vector<std::jthread> threads;  // joined whatever happens
  for (std::size_t i = 1; i < std::min(parallel, work.size()); ++i) threads.emplace_back(worker);
  worker();
  threads.clear();
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace

Sound writeSound(const topology::Scenario& scenario, const results::Result& result,
                 const Speech& speech, const std::filesystem::path& directory,
                 std::size_t parallel) {
  Sound sound;
  std::vector<Work> work;
  std::set<std::string> done, names;
  for (const metrics::RunRecord& record : result.records) {
    const bool traced = std::any_of(record.streams.begin(), record.streams.end(),
                                    [](const auto& stream) { return !stream.trace.empty(); });
    if (!traced || !done.insert(record.variant).second) continue;
    const auto one =
        std::find_if(scenario.cases.begin(), scenario.cases.end(),
                     [&](const auto& candidate) { return candidate.variant == record.variant; });
    if (one == scenario.cases.end()) continue;
    for (const StreamRecord& stream : record.streams) {
      const auto call = std::find_if(one->calls.begin(), one->calls.end(),
                                     [&](const auto& c) { return c.name == stream.call; });
      const std::string who = record.variant + ": " + stream.from + " to " + stream.to;
      if (call == one->calls.end()) continue;
      if (stream.playout.empty()) {
        sound.silent.push_back(who + ": nothing was sent in the scored time");
        continue;
      }
      if (call->audio.frame == Duration::ms(30) || call->audio.frame == Duration::ms(50)) {
        sound.silent.push_back(who + ": Opus, which stands in for " + stream.codec +
                               ", has no packets of " + toText(call->audio.frame));
        continue;
      }
      std::string name = nameOf(record.variant, stream, one->calls.size() > 1);
      while (!names.insert(name).second) name += "_";
      sound.files.push_back({name + ".opus", {}, {}});
      work.push_back({&*call, &stream, &speech,
                      sim::speechStart(stream.call, stream.from, record.seed, record.replication),
                      nullptr});
    }
  }
  for (std::size_t i = 0; i < work.size(); ++i) work[i].file = &sound.files[i];

  // Beside the result, which somebody else may be replacing.
  const results::AsideDirectory aside(directory.parent_path().parent_path(), "audio");
  renderAll(work, aside.path(), parallel);
  if (StopSignals::received()) return {};
  results::moveIntoPlace(aside.path(), directory);
  return sound;
}

}  // namespace callflow::cli
