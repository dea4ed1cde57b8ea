# gnuplot linux-tcp-video.gp writes linux-tcp-video.png
set terminal pngcairo noenhanced size 1050,1083 font 'DejaVu Sans,8' fontscale 1.5 linewidth 1.5 pointscale 1.5 background rgb '#ffffff'
set output 'linux-tcp-video.png'
set encoding utf8
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.5 tc rgb '#222222'
set grid y lt 1 lc rgb '#dddddd' lw 0.7
set pointintervalbox 0
unset key
$column0 << EOD
0 "2000 kbit/s bbr 0 %" 49.807 42.336 57.2781 50.7058 NaN 103.41 87.8985 118.921 107.506 NaN 170.91 145.274 196.546 174.904 NaN
1 "2000 kbit/s bbr 1 %" 55.6263 47.2824 63.9703 56.339 NaN 123.12 104.652 141.588 123.292 NaN 187.467 142.073 232.862 201.202 NaN
2 "2000 kbit/s cubic 0 %" 45.13 38.3605 51.8995 44.8497 48.4033 81.156 68.9826 93.3294 80.91 106.778 163.175 138.699 187.651 129.885 163.218
3 "2000 kbit/s cubic 1 %" 269.434 13.4717 705.513 212.866 14793.1 946.695 47.3347 2415.87 834.852 29368.5 1294.79 64.7397 2975.57 1051 30624.4
4 "2000 kbit/s udp 0 %" 43.136 43.136 43.136 43.1121 43.1121 75.129 75.129 75.129 75.1393 75.1393 108.266 108.266 108.266 108.233 108.233
5 "2000 kbit/s udp 1 %" 43.133 43.133 43.133 43.1122 43.1122 75.1387 75.1387 75.1387 75.1393 75.1393 108.245 108.245 108.245 108.233 108.233
EOD
set multiplot
set label 1 "Delivery delay of video" at screen 0.0214,0.9723 font 'DejaVu Sans:Bold,10'
set label 2 'grey: measured, with what is allowed (the bar, or the 95 % interval over seeds)' at screen 0.0314,0.9391 tc rgb '#666666' point pt 7 ps 0.6 lc rgb '#888888' offset 1,0
set label 3 'callflow' at screen 0.0314,0.9114 tc rgb '#0072B2' point pt 9 ps 0.75 lc rgb '#0072B2' offset 1,0
set label 4 'ns-3 3.37' at screen 0.1743,0.9114 tc rgb '#D55E00' point pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00' offset 1,0
set lmargin at screen 0.1000
set rmargin at screen 0.9586
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:5.7]
set logscale y
set yrange [30.1785:20710.4]
set ylabel "mean (ms)"
set format y '%g'
set title "video of 1.5 Mbit/s over a bottleneck with a queue of 100 ms" offset 0,-0.5
set xtics format ''
plot $column0 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
unset label 1
unset label 2
unset label 3
unset label 4
set lmargin at screen 0.1000
set rmargin at screen 0.9586
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:5.7]
set logscale y
set yrange [52.5903:41116]
set ylabel "p95 (ms)"
set format y '%g'
unset title
set xtics format ''
plot $column0 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.1000
set rmargin at screen 0.9586
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:5.7]
set logscale y
set yrange [75.7629:42874.1]
set ylabel "p99 (ms)"
set format y '%g'
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column0 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
unset multiplot
