#include "models/video/keys.h"

#include <string>

namespace callflow::video {
namespace {

void checkExtensions(DataSize extensions, const config::Context& context) {
  if (extensions.count() % 4 != 0)
    context.keyError("rtp-extensions", "are padded to whole words of 4 B (RFC 8285 4.2)",
                     "write a multiple of 4 B");
}

void checkLimit(DataRate limit, const config::Context& context) {
  if (limit > DataRate{} && limit < kLeastVideoRate)
    context.keyError("max-bitrate", "is less than a stream is sent at",
                     "write " + toText(kLeastVideoRate) + " or more, or leave it out");
}

void checkFec(Fec fec, Codec codec, const config::Context& context) {
  if (fec == Fec::ulpfec && fecOf(Fec::automatic, codec) == Fec::none)
    context.keyError("fec",
                     "of ulpfec is not sent with " + std::string(name(codec)) + " by libwebrtc",
                     "write flexfec, or codec: vp8");
}

}  // namespace

const config::Table<Video>& tableOf(const Video*) {
  static const config::Table<Video> kTable =
      config::Table<Video>("video", "The picture of a call's cameras, in SRTP.")
          .add("codec", &Video::codec,
               {.def = "vp8",
                .help = "vp8, vp9, h264 or av1.",
                .source = "libwebrtc: VP8 is the first codec of its offer"})
          .add("width", &Video::width,
               {.def = "1280",
                .min = "160",
                .max = "3840",
                .help = "Of the picture as captured, in pixels; what is sent may be smaller.",
                .source = "ours: 720p, what conferencing clients capture"})
          .add("height", &Video::height,
               {.def = "720",
                .min = "90",
                .max = "2160",
                .help = "Of the picture as captured, in pixels.",
                .source = "ours: 720p"})
          .add("frame-rate", &Video::frameRate,
               {.def = "30",
                .min = "1",
                .max = "60",
                .help = "Pictures that are captured a second.",
                .source = "ours: what cameras give; libwebrtc: 60 at most"})
          .add("max-bitrate", &Video::maxBitrate,
               {.def = "0 bit/s",
                .max = "100 Mbit/s",
                .help = "The most that is sent, without headers. 0: as libwebrtc limits the "
                        "captured size: 600 kbit/s to 320x240, 1.7 Mbit/s to 640x480, 2 Mbit/s to "
                        "960x540, 2.5 Mbit/s above; in simulcast its table's.",
                .source = "libwebrtc: encoder_stream_factory.cc, simulcast.cc"})
          .add("content", &Video::content,
               {.def = "talking-head",
                .help = "What is seen, which decides how many bits it takes: talking-head; motion, "
                        "all of the picture moves; test-pattern, takes all the rate there is, as "
                        "in measurements.",
                .source = "ours: calls show heads"})
          .add("degradation", &Video::degradation,
               {.def = "maintain-framerate",
                .help = "What is given up when the rate is too low for the picture: size "
                        "(maintain-framerate), frames (maintain-resolution), or both, by size "
                        "(balanced).",
                .source = "libwebrtc: of cameras"})
          .add("simulcast-layers", &Video::simulcastLayers,
               {.def = "1",
                .min = "1",
                .max = "3",
                .help = "Sizes that are sent side by side, each half as wide and high as the next, "
                        "for a server that picks one for each receiver.",
                .source = "libwebrtc: one, unless the application asks for more"})
          .add("temporal-layers", &Video::temporalLayers,
               {.def = "0",
                .max = "3",
                .help = "Layers of frames that can be left out without harm to the others. 0: as "
                        "libwebrtc has them: three in simulcast of VP8, VP9 and AV1, else one.",
                .source = "libwebrtc: simulcast.cc"})
          .add("frame-sizes", &Video::frameSizes,
               {.def = "encoder",
                .help = "encoder: as a real-time encoder's rate control makes them; rfc8593: by "
                        "the statistical model of RFC 8593, with its defaults.",
                .source = "ours: the first is fitted to real calls"})
          .add("fec", &Video::fec,
               {.def = "auto",
                .help = "Parity against loss, as much as the loss asks for: none, ulpfec or "
                        "flexfec; auto: ulpfec with vp8 and vp9, as a server forwards none, "
                        "between two only.",
                .source = "libwebrtc: rtp_video_sender.cc, media_opt_util.cc"})
          .add("rtp-extensions", &Video::rtpExtensions,
               {.def = "20 B",
                .max = "64 B",
                .help = "RTP header extensions with their header, a multiple of 4 B.",
                .source = "RFC 8285 block with the four extensions that libwebrtc sends with "
                          "video"})
          .check([](Video& video, const config::Context& context) {
            checkExtensions(video.rtpExtensions, context);
            if (video.content == Content::slides)
              context.keyError("content", "slides are shared, not filmed",
                               "write talking-head, motion or test-pattern");
            checkLimit(video.maxBitrate, context);
            checkFec(video.fec, video.codec, context);
            if (video.simulcastLayers > 1 && video.degradation != Video{}.degradation)
              context.keyError("degradation", "has no effect on simulcast, whose sizes go off",
                               "leave it out, or write simulcast-layers: 1");
            if (video.simulcastLayers > mostSimulcastLayers(video.captured()))
              context.keyError("simulcast-layers",
                               "are more than libwebrtc sends of a picture that is too small for "
                               "them",
                               "write 2 from 480x270 on, 3 from 960x540 on, or leave it out");
            if (video.temporalLayers > 1 && video.codec == Codec::h264)
              context.keyError("temporal-layers", "are not sent with h264 by libwebrtc",
                               "leave it out, or write codec: vp8");
            if (video.simulcastLayers > 1 && video.frameSizes == FrameSizes::rfc8593)
              context.keyError("frame-sizes", "of rfc8593 are of one stream",
                               "leave it out, or write simulcast-layers: 1");
          });
  return kTable;
}

const config::Table<Share>& tableOf(const Share*) {
  static const config::Table<Share> kTable =
      config::Table<Share>("share", "A screen that is shared in a call, in SRTP.")
          .add("codec", &Share::codec,
               {.def = "vp8",
                .help = "vp8, vp9, h264 or av1.",
                .source = "libwebrtc: VP8 is the first codec of its offer"})
          .add("width", &Share::width,
               {.def = "1920",
                .min = "160",
                .max = "3840",
                .help = "Of the screen or window, in pixels.",
                .source = "ours: a full HD screen"})
          .add("height", &Share::height,
               {.def = "1080",
                .min = "90",
                .max = "2160",
                .help = "Of the screen or window, in pixels.",
                .source = "ours: a full HD screen"})
          .add("frame-rate", &Share::frameRate,
               {.def = "30",
                .min = "1",
                .max = "60",
                .help = "Pictures a second at most; while nothing changes there are none but one "
                        "a second.",
                .source = "Chromium: getDisplayMedia's default; libwebrtc: "
                          "frame_cadence_adapter.cc"})
          .add("max-bitrate", &Share::maxBitrate,
               {.def = "0 bit/s",
                .max = "100 Mbit/s",
                .help = "The most that is sent, without headers. 0: as libwebrtc limits the size, "
                        "1.2 Mbit/s at least.",
                .source = "libwebrtc: encoder_stream_factory.cc"})
          .add("content", &Share::content,
               {.def = "slides",
                .help = "What is shown: slides, which stand still until the next; motion, as of a "
                        "film or a game.",
                .source = "ours: what meetings share"})
          .add("slide", &Share::slide,
               {.def = "20 s",
                .min = "1 s",
                .max = "1 h",
                .help = "How long a slide stands, in the mean; times are drawn from an exponential "
                        "distribution.",
                .source = "ours"})
          .add("fec", &Share::fec,
               {.def = "auto",
                .help = "Parity against loss, as much as the loss asks for: none, ulpfec or "
                        "flexfec; auto: ulpfec with vp8 and vp9, as a server forwards none, "
                        "between two only.",
                .source = "libwebrtc: rtp_video_sender.cc, media_opt_util.cc"})
          .add("rtp-extensions", &Share::rtpExtensions,
               {.def = "24 B",
                .max = "64 B",
                .help = "RTP header extensions with their header, a multiple of 4 B.",
                .source = "RFC 8285 block with the four extensions that libwebrtc sends with "
                          "video, and the content type"})
          .check([](Share& share, const config::Context& context) {
            checkExtensions(share.rtpExtensions, context);
            checkLimit(share.maxBitrate, context);
            checkFec(share.fec, share.codec, context);
            if (share.content != Content::slides && share.content != Content::motion)
              context.keyError("content", "a screen shows slides or motion",
                               "write slides or motion");
            if (share.content == Content::motion && context.has("slide") &&
                share.slide != Share{}.slide)
              context.keyError("slide", "has no effect on what moves all the time",
                               "leave it out, or write content: slides");
          });
  return kTable;
}

}  // namespace callflow::video
