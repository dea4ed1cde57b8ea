# gnuplot linux-tcp-recovery.gp writes linux-tcp-recovery.png
set terminal pngcairo noenhanced size 1350,1083 font 'DejaVu Sans,8' fontscale 1.5 linewidth 1.5 pointscale 1.5 background rgb '#ffffff'
set output 'linux-tcp-recovery.png'
set encoding utf8
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.5 tc rgb '#222222'
set grid y lt 1 lc rgb '#dddddd' lw 0.7
set pointintervalbox 0
unset key
$column0 << EOD
0 "0.5 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
1 "2 %" 99.003 89.003 109.003 98.9545 NaN 0.736607 -9.26339 10.7366 0.287356 NaN 0.260417 -9.73958 10.2604 0.537634 NaN
2 "10 %" 82.239 72.239 92.239 81.9089 NaN 7.61017 -2.38983 17.6102 7.24577 NaN 10.1508 0.150778 20.1508 10.8725 NaN
3 "two-way > 2 %" 100 90 110 99.6183 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
4 "two-way < 2 %" 99.5575 89.5575 109.558 99.6479 NaN 0 -10 10 0 NaN 0.442478 -9.55752 10.4425 0 NaN
5 "two-way > 10 %" 92.167 81.6052 102.729 91.3862 NaN 2.61052 -7.38948 12.6105 3.88078 NaN 5.2225 -4.7775 15.2225 4.69328 NaN
6 "two-way < 10 %" 92.6005 78.6905 106.511 91.1001 NaN 2.21805 -7.78195 12.218 3.53154 NaN 5.18142 -5.02339 15.3862 5.26666 NaN
EOD
$column1 << EOD
0 "0.5 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
1 "1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
2 "5 %" 94.3979 84.3979 104.398 96.2317 NaN 2.27765 -7.72235 12.2777 1.41371 NaN 3.32445 -6.67555 13.3244 2.3512 NaN
3 "10 %" 85.2593 75.2593 95.2593 85.2479 NaN 5.36045 -4.63955 15.3605 5.61027 NaN 9.38025 -0.61975 19.3802 9.1979 NaN
4 "two-way > 1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
5 "two-way < 1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
6 "two-way > 5 %" 99.2674 89.2674 109.267 99.117 NaN 0.3663 -9.6337 10.3663 0.348432 NaN 0.3663 -9.6337 10.3663 0.563556 NaN
7 "two-way < 5 %" 99.8134 89.8134 109.813 99.021 NaN 0.186567 -9.81343 10.1866 0.361011 NaN 0 -10 10 0.56127 NaN
8 "two-way > 10 %" 94.2004 71.6752 116.726 93.6562 NaN 3.01266 -6.98734 13.0127 2.93081 NaN 2.78695 -15.5693 21.1433 3.30324 NaN
9 "two-way < 10 %" 92.4706 82.4706 102.471 93.1482 NaN 3.0571 -6.9429 13.0571 2.86223 NaN 4.47227 -5.52773 14.4723 4.02365 NaN
10 "no RACK 1 %" 93.2203 83.2203 103.22 92.1569 NaN 0 -10 10 0 NaN 6.77966 -3.22034 16.7797 7.84314 NaN
11 "no RACK 5 %" 80.8 70.8 90.8 84.8249 NaN 1.6 -8.4 11.6 1.55642 NaN 17.6 7.6 27.6 13.4146 NaN
12 "bbr 1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
13 "bbr 5 %" 99.6721 89.6721 109.672 99.67 NaN 0 -10 10 0 NaN 0.327869 -9.67213 10.3279 0.31746 NaN
14 "reno 1 %" 99.1379 88.1843 110.092 100 NaN 0.862069 -10.0916 11.8157 0 NaN 0 -10 10 0 NaN
15 "reno 5 %" 96.4851 86.2988 106.672 96.986 NaN 0.913223 -9.08678 10.9132 0.942889 NaN 2.60164 -7.39836 12.6016 2.08526 NaN
16 "ge 2 %" 54.3019 32.0917 76.5121 47.1977 NaN 16.889 6.88897 26.889 15.9771 NaN 28.8091 4.3675 53.2507 36.608 NaN
17 "getime 2 %" 61.2316 45.4332 77.0299 60.4111 NaN 31.3581 21.3581 41.3581 31.5531 NaN 7.41033 -11.5594 26.3801 7.78534 NaN
EOD
$column2 << EOD
0 "0.5 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
1 "2 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
2 "10 %" 87.8467 77.8467 97.8467 87.8169 NaN 4.85113 -5.14887 14.8511 4.78585 NaN 7.30218 -2.69782 17.3022 7.50259 NaN
3 "two-way > 2 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
4 "two-way < 2 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
5 "two-way > 10 %" 94.7749 72.8114 116.738 95.6482 NaN 2.19863 -7.80137 12.1986 1.97448 NaN 3.02644 -13.2145 19.2674 2.30324 NaN
6 "two-way < 10 %" 96.6306 86.6306 106.631 95.0521 NaN 2.01576 -7.98424 12.0158 2.09983 NaN 1.35366 -11.5967 14.304 2.83228 NaN
EOD
$column3 << EOD
0 "0.5 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
1 "1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
2 "5 %" 97.8081 87.8081 107.808 97.2427 NaN 1.44493 -8.55507 11.4449 1.7284 NaN 0.747001 -9.253 10.747 0.962402 NaN
3 "10 %" 87.939 77.939 97.939 86.5792 NaN 6.378 -3.622 16.378 6.40418 NaN 5.683 -4.317 15.683 7.09302 NaN
4 "two-way > 1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
5 "two-way < 1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
6 "two-way > 5 %" 99.2248 89.2248 109.225 99.6063 NaN 0.387597 -9.6124 10.3876 0.384615 NaN 0.387597 -9.6124 10.3876 0 NaN
7 "two-way < 5 %" 100 90 110 99.5868 NaN 0 -10 10 0.384615 NaN 0 -10 10 0 NaN
8 "two-way > 10 %" 95.3664 78.6103 112.122 94.1152 NaN 2.27407 -7.72593 12.2741 3.18182 NaN 2.35958 -20.6017 25.3208 2.55051 NaN
9 "two-way < 10 %" 94.6704 83.4239 105.917 93.8377 NaN 3.36158 -6.63842 13.3616 3.44007 NaN 1.96798 -8.91963 12.8556 2.57428 NaN
10 "no RACK 1 %" 92.4528 82.4528 102.453 95.6522 NaN 1.88679 -8.11321 11.8868 0 NaN 5.66038 -4.33962 15.6604 4.25532 NaN
11 "no RACK 5 %" 84.2975 74.2975 94.2975 81.8182 NaN 1.65289 -8.34711 11.6529 1.55039 NaN 14.0496 4.04959 24.0496 17.0732 NaN
12 "bbr 1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
13 "bbr 5 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
14 "reno 1 %" 100 90 110 100 NaN 0 -10 10 0 NaN 0 -10 10 0 NaN
15 "reno 5 %" 98.2389 88.2389 108.239 97.5939 NaN 1.0468 -8.9532 11.0468 1.47059 NaN 0.714286 -9.28571 10.7143 0.704225 NaN
16 "ge 2 %" 97.725 87.725 107.725 92.7381 NaN 0.775194 -9.22481 10.7752 2.45935 NaN 1.49983 -8.50017 11.4998 4.23611 NaN
17 "getime 2 %" 98.6395 88.6395 108.639 92.0246 NaN 1.36054 -8.63946 11.3605 6.78134 NaN 0 -10 10 0.925926 NaN
EOD
set multiplot
set label 1 "What repairs: shares of all repairs (ns-3 does not count them)" at screen 0.0167,0.9723 font 'DejaVu Sans:Bold,10'
set label 2 'grey: measured, with what is allowed (the bar, or the 95 % interval over seeds)' at screen 0.0244,0.9391 tc rgb '#666666' point pt 7 ps 0.6 lc rgb '#888888' offset 1,0
set label 3 'callflow' at screen 0.0244,0.9114 tc rgb '#0072B2' point pt 9 ps 0.75 lc rgb '#0072B2' offset 1,0
set label 4 'ns-3 3.37' at screen 0.1356,0.9114 tc rgb '#D55E00' point pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00' offset 1,0
set lmargin at screen 0.0778
set rmargin at screen 0.1964
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:108]
set ylabel "fast retransmit (%)"
set format y '%g'
set title "round trip 20 ms" offset 0,-0.5
set xtics format ''
plot $column0 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
unset label 1
unset label 2
unset label 3
unset label 4
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:108]
unset ylabel
set format y ''
set title "round trip 50 ms" offset 0,-0.5
set xtics format ''
plot $column1 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column1 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column1 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column1 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.5306
set rmargin at screen 0.6492
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:108]
unset ylabel
set format y ''
set title "round trip 100 ms" offset 0,-0.5
set xtics format ''
plot $column2 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column2 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column2 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column2 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.6647
set rmargin at screen 0.9678
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:108]
unset ylabel
set format y ''
set title "round trip 200 ms" offset 0,-0.5
set xtics format ''
plot $column3 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column3 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column3 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column3 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.0778
set rmargin at screen 0.1964
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:34.0773]
set ylabel "tail loss probe (%)"
set format y '%g'
unset title
set xtics format ''
plot $column0 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:34.0773]
unset ylabel
set format y ''
unset title
set xtics format ''
plot $column1 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column1 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column1 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column1 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.5306
set rmargin at screen 0.6492
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:34.0773]
unset ylabel
set format y ''
unset title
set xtics format ''
plot $column2 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column2 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column2 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column2 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.6647
set rmargin at screen 0.9678
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:34.0773]
unset ylabel
set format y ''
unset title
set xtics format ''
plot $column3 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column3 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column3 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column3 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.0778
set rmargin at screen 0.1964
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:39.5366]
set ylabel "timeout (%)"
set format y '%g'
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column0 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:39.5366]
unset ylabel
set format y ''
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column1 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column1 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column1 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column1 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.5306
set rmargin at screen 0.6492
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:39.5366]
unset ylabel
set format y ''
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column2 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column2 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column2 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column2 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.6647
set rmargin at screen 0.9678
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:39.5366]
unset ylabel
set format y ''
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column3 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column3 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column3 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column3 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
unset multiplot
