# gnuplot linux-tcp-delay.gp writes linux-tcp-delay.png
set terminal pngcairo noenhanced size 1350,1083 font 'DejaVu Sans,8' fontscale 1.5 linewidth 1.5 pointscale 1.5 background rgb '#ffffff'
set output 'linux-tcp-delay.png'
set encoding utf8
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.5 tc rgb '#222222'
set grid y lt 1 lc rgb '#dddddd' lw 0.7
set pointintervalbox 0
unset key
$column0 << EOD
0 "0.5 %" 10.3437 5.34367 15.3437 10.3372 10.985 10.0717 5.07167 15.0717 10.053 10.053 23.4337 1.17168 52.0606 16.7647 56.7647
1 "2 %" 11.583 6.583 16.583 11.7442 14.7154 10.0623 5.06233 15.0623 10.053 10.083 50.092 45.0828 55.1012 50.098 90.098
2 "10 %" 68.074 3.4037 142.287 85.9576 43.5344 162.724 8.13618 319.179 211.097 96.7647 1082.73 54.1366 3033.16 1347.51 510.113
3 "two-way > 2 %" 11.414 6.414 16.414 11.6107 14.6684 10.052 5.052 15.052 10.053 10.0755 50.1225 45.1103 55.1348 50.098 90.098
4 "two-way < 2 %" 11.5725 6.5725 16.5725 11.4254 14.2697 10.0455 5.0455 15.0455 10.053 10.0755 50.125 45.1125 55.1375 50.098 90.098
5 "two-way > 10 %" 38.8395 1.94198 173.29 36.3401 38.4133 61.824 3.0912 210.004 60.6705 90.098 512.644 25.6322 3597.91 451.863 355.109
6 "two-way < 10 %" 205.604 10.2802 2324.86 38.9659 39.3557 180.953 9.04765 1716.88 70.098 90.098 4088.73 204.436 48321.6 482.307 355.109
EOD
$column1 << EOD
0 "0.5 %" 25.9787 20.9787 30.9787 25.9767 26.6847 25.054 20.054 30.054 25.053 25.053 65.1077 22.1636 108.052 61.7647 101.765
1 "1 %" 27.0147 22.0147 32.0147 27.0483 28.3704 25.0733 20.0733 30.0733 25.053 25.053 91.7523 77.5034 106.001 88.4313 121.765
2 "5 %" 46.993 31.7681 62.2179 43.6947 42.6436 88.4187 59.7422 117.095 81.7647 101.765 363.295 18.1648 755.941 291.225 201.765
3 "10 %" 133.24 6.66198 286.394 123.957 69.3061 288.201 55.4344 520.967 287.283 138.446 1682.93 84.1467 5275 1352.9 588.521
4 "two-way > 1 %" 26.9155 21.9155 31.9155 26.9421 28.365 25.0505 20.0505 30.0505 25.053 25.053 85.094 4.2547 212.029 85.098 125.098
5 "two-way < 1 %" 27.0555 22.0555 32.0555 27.04 28.4871 25.0525 20.0525 30.0525 25.053 25.053 87.613 4.38065 182.77 87.6543 125.098
6 "two-way > 5 %" 39.3375 34.3375 44.3375 39.3148 42.0346 75.096 67.5864 82.6056 75.098 95.098 155.138 27.7906 282.486 161.139 192.587
7 "two-way < 5 %" 37.77 28.1387 47.4013 39.165 41.9284 75.093 67.5837 82.6023 75.098 95.098 125.859 53.6946 198.024 155.193 190.076
8 "two-way > 10 %" 66.416 3.3208 130.163 72.6231 61.6729 126.364 6.3182 301.43 132.632 135.098 416.849 375.164 458.533 543.313 397.609
9 "two-way < 10 %" 83.0265 4.15132 197.401 79.1805 67.5334 149.112 7.45558 352.697 148.998 142.587 738.908 36.9454 3504.93 604.581 475.098
10 "no RACK 1 %" 30.398 25.398 35.398 30.9112 NaN 25.368 20.368 30.368 26.243 NaN 135.113 121.602 148.624 135.098 NaN
11 "no RACK 5 %" 82.352 74.1168 90.5872 81.4643 NaN 201.889 181.7 222.078 182.83 NaN 674.045 606.64 741.449 657.448 NaN
12 "bbr 1 %" 26.854 21.854 31.854 26.8771 NaN 25.061 20.061 30.061 25.053 NaN 95.08 85.572 104.588 95.098 NaN
13 "bbr 5 %" 36.226 31.226 41.226 36.0649 NaN 75.09 67.581 82.599 75.098 NaN 145.134 130.621 159.647 135.098 NaN
14 "reno 1 %" 27.187 22.187 32.187 27.1907 NaN 25.0825 20.0825 30.0825 25.053 NaN 95.08 85.572 104.588 85.098 NaN
15 "reno 5 %" 41.553 3.65039 79.4556 41.5786 NaN 75.0905 67.5815 82.5996 75.098 NaN 258.063 12.9032 1156.02 261.484 NaN
16 "ge 2 %" 896.292 44.8146 1799.14 12902 1632.8 3613.71 180.685 7795.53 30405 5238.93 11165.1 1055.87 21274.3 49137.1 17668.6
17 "getime 2 %" 31.221 23.7834 38.6586 32.3887 35.4042 25.0753 20.0753 30.0753 25.053 25.053 201.092 21.907 380.276 233.991 298.536
EOD
$column2 << EOD
0 "0.5 %" 52.6887 47.4198 57.9575 52.6301 53.3956 50.08 45.072 55.088 50.053 50.053 146.973 85.1142 208.832 146.829 176.765
1 "2 %" 62.4017 56.1615 68.6418 62.845 64.2894 98.5393 82.34 114.739 99.8188 110.113 180.584 162.526 198.642 184.038 210.113
2 "10 %" 353.604 17.6802 1126.62 204.05 215.092 641.996 32.0998 1810.94 450.127 430.128 3992.77 199.639 15844.1 1677.89 1923.66
3 "two-way > 2 %" 64.295 46.8621 81.7279 64.4943 64.9698 101.296 85.6928 116.899 100.964 120.098 184.591 128.315 240.867 186.463 210.121
4 "two-way < 2 %" 63.63 52.0292 75.2308 63.1569 63.9495 99.711 83.1294 116.293 96.0626 110.098 185.582 128.13 243.033 184.273 210.098
5 "two-way > 10 %" 133.012 6.6506 296.566 133.763 130.364 266.759 13.3379 818.138 246.548 265.109 609.255 30.4627 1852.43 682.75 645.132
6 "two-way < 10 %" 122.543 82.6005 162.484 139.878 134.093 232.286 142.358 322.215 263.547 275.132 459.307 22.9653 1274.63 740.934 660.076
EOD
$column3 << EOD
0 "0.5 %" 108.763 97.8864 119.639 108.522 346.232 105.071 86.2271 123.914 101.288 1227.76 319.998 262.009 377.987 320.423 2975.44
1 "1 %" 116.926 105.233 128.618 117.371 4576.26 142.071 127.864 156.278 150.662 11702.6 343.102 308.792 377.412 343.009 14966.8
2 "5 %" 192.096 162.857 221.334 197.579 19963.4 341.774 294.759 388.788 351.508 43226.5 596.362 376.193 816.531 688.754 49568.6
3 "10 %" 346.851 268.375 425.327 483.484 3222.37 736.54 464.838 1008.24 1064.13 9700.06 1527.19 225.666 2828.71 2972.01 13431.2
4 "two-way > 1 %" 117.134 105.421 128.847 117.413 118.78 147.348 56.0793 238.617 148.536 160.121 339.184 305.266 373.102 340.462 360.098
5 "two-way < 1 %" 117.236 105.512 128.96 118.239 120.194 149.317 32.4834 266.151 156.698 170.154 339.209 305.288 373.13 344.831 360.166
6 "two-way > 5 %" 176.042 158.438 193.646 178.251 222.095 318.428 286.585 350.271 325.339 430.166 518.442 286.281 750.604 539.746 840.146
7 "two-way < 5 %" 180.457 146.842 214.071 184.654 237.466 320.348 288.313 352.383 334.36 460.166 470.176 342.854 597.499 559.654 940.194
8 "two-way > 10 %" 330.194 16.5097 1115.91 309.669 518.772 635.923 31.7962 2611.41 606.709 1123.13 1860.02 93.0008 13745.3 1315.89 1945.19
9 "two-way < 10 %" 292.165 211.519 372.811 319.699 528.792 577.706 36.6758 1118.74 627.951 1150.99 1155.75 540.423 1771.08 1331.48 1997.03
10 "no RACK 1 %" 120.046 108.041 132.051 122.591 NaN 160.099 144.089 176.109 180.098 NaN 360.121 324.109 396.133 361.243 NaN
11 "no RACK 5 %" 240.927 216.834 265.02 240.844 NaN 467.113 420.402 513.824 471.921 NaN 1082.26 974.031 1190.48 1028.56 NaN
12 "bbr 1 %" 117.419 105.677 129.161 117.645 NaN 160.439 144.395 176.483 161.243 NaN 339.165 305.249 373.082 352.681 NaN
13 "bbr 5 %" 174.977 157.479 192.475 183.599 NaN 320.417 288.375 352.459 335.057 NaN 501.205 451.084 551.326 550.161 NaN
14 "reno 1 %" 117.959 106.163 129.755 118.718 NaN 148.547 76.0894 221.004 152.568 NaN 337.733 303.959 371.506 344.274 NaN
15 "reno 5 %" 187.57 107.362 267.777 193.384 NaN 343.73 227.163 460.297 343.822 NaN 595.799 174.621 1016.98 693.49 NaN
16 "ge 2 %" 118.431 106.588 130.274 129.767 58053.2 147.242 119.533 174.951 140.495 122417 372.948 314.447 431.449 933.828 133203
17 "getime 2 %" 114.47 100.518 128.422 117.744 17154.6 120.903 36.315 205.491 128.321 37916.8 366.787 290.89 442.685 433.152 43237.3
EOD
set multiplot
set label 1 "Delivery delay of audio over TCP" at screen 0.0167,0.9723 font 'DejaVu Sans:Bold,10'
set label 2 'grey: measured, with what is allowed (the bar, or the 95 % interval over seeds)' at screen 0.0244,0.9391 tc rgb '#666666' point pt 7 ps 0.6 lc rgb '#888888' offset 1,0
set label 3 'callflow' at screen 0.0244,0.9114 tc rgb '#0072B2' point pt 9 ps 0.75 lc rgb '#0072B2' offset 1,0
set label 4 'ns-3 3.37' at screen 0.1356,0.9114 tc rgb '#D55E00' point pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00' offset 1,0
set lmargin at screen 0.0778
set rmargin at screen 0.1964
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:6.7]
set logscale y
set yrange [7.23603:81274.5]
set ylabel "mean (ms)"
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
set logscale y
set yrange [7.23603:81274.5]
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
set logscale y
set yrange [7.23603:81274.5]
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
set logscale y
set yrange [7.23603:81274.5]
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
set logscale y
set yrange [7.03185:171383]
set ylabel "p90 (ms)"
set format y '%g'
unset title
set xtics format ''
plot $column0 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:17.7]
set logscale y
set yrange [7.03185:171383]
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
set logscale y
set yrange [7.03185:171383]
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
set logscale y
set yrange [7.03185:171383]
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
set logscale y
set yrange [11.7353:186484]
set ylabel "p99 (ms)"
set format y '%g'
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column0 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:17.7]
set logscale y
set yrange [11.7353:186484]
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
set logscale y
set yrange [11.7353:186484]
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
set logscale y
set yrange [11.7353:186484]
unset ylabel
set format y ''
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column3 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column3 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column3 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column3 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
unset multiplot
