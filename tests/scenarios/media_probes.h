// What to change of each row of the tables of what is seen so that something comes out different
// (key_effects_test.cc).
#pragma once

#include <string>
#include <vector>

#include "tests/scenarios/box_probes.h"

namespace callflow {

inline const std::string kSmallVideo = "calls.open.video: {width: 640, height: 360}";
inline const std::string kMeetingVideo =
    "calls.meeting.video: {width: 640, height: 360, simulcast-layers: 2}";
inline const std::string kShared = "calls.open.share: {slide: 1 s}";

inline const std::vector<Probe> kMediaProbes = {
    {"call.video", kSmallVideo, {}},
    {"call.share", "calls.open.share: {}", {}},
    {"call.presenter", "calls.open.presenter: frank", {"calls.open.share: {}"}},
    {"call.layout", "calls.meeting.layout: {videos: 1}", {kMeetingVideo}},
    {"call.mode", "calls.meeting.mode: mcu", {}},
    {"media-processor.mixing", "azure.media-processor.mixing: 9 ms", {"calls.meeting.mode: mcu"}},
    {"media-processor.composing",
     "azure.media-processor.composing: 30 ms",
     {kMeetingVideo, "calls.meeting.mode: mcu"}},
    {"call.congestion-control", "calls.open.congestion-control: nada", {kSmallVideo}},
    {"call.congestion-control", "calls.open.congestion-control: scream", {kSmallVideo}},
    {"layout.videos", "calls.meeting.layout.videos: 1", {kMeetingVideo}},
    {"layout.height", "calls.meeting.layout.height: 180", {kMeetingVideo}},
    {"layout.speakers",
     "calls.meeting.layout.speakers: 1",
     {"calls.meeting.audio: {talk: conversation}"}},
    {"layout.allocation",
     "calls.meeting.layout.allocation: mediasoup",
     {kMeetingVideo, "calls.meeting.duration: 6 s"}},
    {"video.codec", "calls.open.video.codec: av1", {kSmallVideo}},
    {"video.width", "calls.open.video.width: 480", {kSmallVideo}},
    {"video.height", "calls.open.video.height: 270", {kSmallVideo}},
    {"video.frame-rate", "calls.open.video.frame-rate: 15", {kSmallVideo}},
    {"video.max-bitrate", "calls.open.video.max-bitrate: 200 kbit/s", {kSmallVideo}},
    {"video.content", "calls.open.video.content: test-pattern", {kSmallVideo}},
    {"video.degradation",
     "calls.open.video.degradation: maintain-resolution",
     {"calls.open.video: {content: test-pattern}", "remote.home.uplink.rate: 250 kbit/s",
      "calls.open.duration: 12 s"}},
    {"video.simulcast-layers", "calls.meeting.video.simulcast-layers: 1", {kMeetingVideo}},
    {"video.temporal-layers", "calls.open.video.temporal-layers: 3", {kSmallVideo}},
    {"video.frame-sizes", "calls.open.video.frame-sizes: rfc8593", {kSmallVideo}},
    {"video.fec", "calls.open.video.fec: none", {kSmallVideo}},
    {"video.rtp-extensions", "calls.open.video.rtp-extensions: 40 B", {kSmallVideo}},
    {"share.codec", "calls.open.share.codec: av1", {kShared}},
    {"share.width", "calls.open.share.width: 1280", {kShared}},
    {"share.height", "calls.open.share.height: 720", {kShared}},
    {"share.frame-rate", "calls.open.share.frame-rate: 5", {kShared}},
    {"share.max-bitrate", "calls.open.share.max-bitrate: 200 kbit/s", {kShared}},
    {"share.content", "calls.open.share.content: motion", {"calls.open.share: {}"}},
    {"share.slide", "calls.open.share.slide: 4 s", {kShared, "calls.open.duration: 15 s"}},
    {"share.fec", "calls.open.share.fec: none", {kShared}},
    {"share.rtp-extensions", "calls.open.share.rtp-extensions: 48 B", {kShared}},
};

}  // namespace callflow
