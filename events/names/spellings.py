"""The variants in which names are written: tables for `words.py`, with words separated by spaces."""

TITLES = """
adm amb ambassador ars av avukat ba bakan bakani bay bayan brig buyukelci buyukelcisi capt chairman chairperson
chairwoman col dame deputy doc docent doctor dr ekselanslari emekli eng engr excellency gen gor hanim he hh highness
hoca hocam hon honorable honourable hrh jr lt ma maj majesty md minister miss mr mrs ms msc muhendis mustesar mx ogr
phd president prof professor rev sayin senator seyh shaikh shaikha shaykh sheik sheikh sheikha sheykh sir sr
undersecretary uyesi uzm vekil vekili yrd
ا استاذ استاذه الاستاذ الاستاذه البروفسور البروفيسور الحاج الدكتور الدكتوره السفير السفيره السيد السيده الشيخ الشيخه
العقيد العميد الفريق القاضي اللواء المهندس الوزير بروفسور بروفيسور د دكتور دكتوره سعاده سفير سفيره سمو سيد سيده شيخ
شيخه فضيله م معالي مهندس وزير
"""
"""Words before or after a name that are not part of it."""

TITLES_THAT_ARE_NAMES = """
admiral albay amir bey captain colonel dean efendi emir general haci haji hajji imam judge king lady lord major pasa
prince princess said sayyid seyyid syed
الامام الامير الملك امير
"""
"""Titles that are also given names or surnames: ignored only if enough of the name remains."""

TITLES_BEHIND = """
bey efendi ekselanslari hanim hazretleri hoca hocam pasa
"""
"""Titles that follow a name in Turkish."""

PARTICLES = """
aal al ben bin bint binti bn da de den der di du el ibn la le ul van von
ابن ال بن بنت
"""
"""Words inside a name that are sometimes written and sometimes left out."""

ARTICLES = """
ad an ar as ash at az ed en er es esh et ez ud un ur us ut uz
"""
"""The Arabic article before a sun letter: a particle if a hyphen joins it to the next word."""

STOP_WORDS = """
currently formerly now previously eski emekli retired سابقا حاليا
a an and at de der des du et for icin ile in la le of on the to und ve von y
ال الي ب على في ل لل من و
"""
"""Ignored in comparing the phrases of an affiliation."""

ORDINARY_WORDS = """
abbot acar adalet aksoy april aslan ates august ay aydin baker ball bank banks baris bati bell best bilge bilgin
bird birlik bishop black bond bonds bozkurt bridge bridges bright brown bull bulut bush cakir camp camps can canli
carpenter case celik cetin chance change chase church cinar cook court courts cross dag dal day dean defence demir
deniz dere devrim diamond dogan dogru dogu duman durmaz duzen early east eker ekim er erdem fair faith field fields
fisher fox frank freedom gardener gelir gelisme general gok gold good grace grant gray green grey guc gul guler gulf
gunduz gunes guney guven guvenli hak halk high hill home hope house hunter huzur ilk ilke iman inan isik joy june
just justice kalkan kan kara karaca kartal kaya kilic kilinc king koc korkmaz koruk kurt kuzey lake late law levels
long love low major march mark market mason may mert miller mission model moore more night noble north odabas okur
onal oncu onder order ortak ozdemir ozel ozen ozer ozgur ozturk page park peace pierce pillar pinar polat policy
poor pope porter potter power powers price read reed report rice rich river rivers root roots rose sahin sari savas
savasan security sen sever sevgi sezer sharp short silver sistem siyaset smith sonmez south spring stage state
states steel step steps sterling still stone street strong su summer summit tas taskin taylor tekin toprak trade
tuna tunc turan turk turkmen turner ulus umut unal union uygun uzun varol vision war weaver west white will winter
wise wolf wood woods world yalcin yaman yasar yavuz yazici yeni yildiz yilmaz yol young yuce zaman zengin
ابيض احمد احمر اسد اسود امل امن امين اول باب بحر بدر بركه بهاء بيت تقرير ثالث ثاني جبل جديد جسر جلال جمال جميل جنوب
حارس حاكم حامد حديد حرب حريه حسن حكيم خاص خاصه خالد خريف خليج خير دفاع دول دوله دولي ذهب رابع راشد ربيع رحمه رشيد
رضا سالم سعيد سفير سلام سليم سياسه سيف شتاء شرق شريف شمال شمس صالح صباح صغير صفاء صيف ضياء طويل طيب عادل عالم عام
عامه عداله عدل عزيز علي عميد عيد غانم غرب فاضل فجر فرح فضه فهد قائد قاسم قديم قصير قمر كاتب كامل كبير كريم كمال ليل
ماجد مالك مبارك محمد محمود مساء مشترك منصور نائب ناصر نجم نصر نظام نعمه نمر نهر نور هدي هلال وزير وفاء يوم
"""
"""Common words that are also surnames: alone they count only where they cannot be the common word."""

PLACES = """
abu afganistan afghanistan africa afrika aleppo algeria almanya america american amerika amman ankara arabia
arabistan armenia asia asya athens avrupa azerbaijan azerbaycan bae bagdat baghdad bahrain bahreyn baku beijing
beirut berlin beyrut britain bruksel brussels cairo cenevre cezayir china cidde cin cyprus damascus delhi dhabi doha
dubai east egypt emirates emirlikler endonezya england erbil ethiopia etiyopya europe european fas filistin france
fransa gaza gazze geneva georgia germany greece gulf gurcistan halep hartum hindistan india indonesia ingiltere irak
iran iraq islamabad ispanya israel israil istanbul italy italya izmir japan japonya jeddah jerusalem jordan kabul
kahire karachi katar kazakhstan kazakistan kenya khartoum kibris kiev kingdom kore korea korfez kudus kuveyt kuwait
kyiv körfez lahore lebanon libya london londra lubnan malaysia malezya manama maskat mecca medina medine mekke
middle misir mogadishu mogadisu morocco moscow moskova muscat nigeria oman ortadogu pakistan palestine paris pekin
qatar qatari rabat riyad riyadh roma rome russia rusya sam sana saudi singapore singapur somali somalia spain states
sudan suriye suudi syria tahran tehran tokyo trablus tripoli tunisia tunus turk turkey turkish turkiye turkler
ukraine ukrayna umman united urdun uzbekistan vienna viyana washington yemen york yunanistan
ابوظبي اثيوبيا اردن اسرائيل اسراييل اسطنبول اسيا افريقيا افغانستان الاردن الامارات البحرين الجزائر الجزاير الخرطوم
الخليج الدوحه الرباط الرياض السعوديه السودان الصومال الصين العراق القاهره القدس الكويت المانيا المدينه المغرب
المنامه الهند اليابان اليمن امارات امريكا انقره اوروبا اوكرانيا ايران ايطاليا باريس باكستان بحرين برلين بروكسل
بريطانيا بغداد بيروت تركيا تونس جده جنيف حلب خليج دبي دمشق دوحه روسيا روما رياض سعوديه سودان سوريا صنعاء صومال
طرابلس طهران عراق عمان غزه فرنسا فلسطين فيينا قاهره قدس قطر كابول كويت لبنان لندن ليبيا مسقط مصر مغرب مقديشو مكه
موسكو نيويورك واشنطن يمن
"""
"""Countries, cities and regions: not affiliations by themselves, and too common to identify anybody."""

ROLES = """
academic academy adviser advisor agency ajansi akademisi akademisyen ambassador analyst arastirmaci assistant
associate association author avukat bagimsiz bakan bakanligi baskan baskani bolumu buyukelci buyukelciligi center
centre chair chief company consultant coordinator correspondent council danisman delegate department deputy dernegi
diplomat director editor embassy emekli emeritus enstitusu eski executive expert faculty fakultesi fellow former
foundation founder freelance gazeteci general gorevlisi government group grubu head hukumet independent institute
journalist junior koordinator kurucu kurulu lawyer lecturer manager member memur merkezi minister ministry mudur
muduru none observer office officer official ofisi ogretim okulu organisation organization participant president
profesor professor reporter representative research researcher retired scholar school secretary sekreter senior
sirketi speaker student temsilci universitesi university unknown uye uyesi uzman uzmani vakfi vice writer yardimcisi
yazar
استاذ اكاديميه باحث جامعه جمعيه حكومه خبير دبلوماسي رئيس رييس سابق سفاره سفير شركه صحفي عضو قسم كاتب كليه متقاعد
مجلس مجموعه محام محلل مدير مركز مساعد مستشار مستقل معهد مكتب ممثل مندوب موسسه نائب نايب وزاره وزير وكاله
"""
"""Words of an affiliation that say what somebody is, but not where."""

GIVEN_NAMES = """
mohammed muhammad mohamed mohammad muhammed mohamad mehmet mehmed محمد
ahmed ahmad ahmet achmed achmet احمد
mahmoud mahmud mahmut محمود
mustafa mostafa moustafa mustapha مصطفي
ali aly علي
hassan hasan hasen حسن
hussein husayn husain hussain huseyin hossein hussien حسين
yousef yusuf youssef yousuf yosef youssuf usef يوسف
ibrahim ebrahim ibraheem ابراهيم
ismail esmail ismael ismayil اسماعيل
khalid khaled halid halit chalid خالد
qassem kasim qasim kassem qasem gasim gassem kasem قاسم
jassim casim jasim jassem jasem gassim جاسم
ghanim ganim ghanem ganem غانم
omar umar omer عمر
othman osman uthman usman عثمان
abdullah abdallah abdulla abdellah عبدالله
abdulrahman abdurrahman abdelrahman abdalrahman abderrahman abdurahman عبدالرحمن
abdulaziz abdelaziz abdalaziz عبدالعزيز
fatima fatma fatimah fatema fadime فاطمه
aisha ayse ayesha aysha aishah عايشه
khadija hatice khadijah kadija خديجه
zainab zeynep zaynab zeinab zeyneb زينب
mariam maryam meryem miriam مريم
jamal cemal gamal djamal جمال
jamil cemil gamil جميل
jaber cabir jabir gaber جابر
suleiman suleyman sulayman soliman sulaiman solomon سليمان
saeed said sait saied سعيد
saad sad saat سعد
rajab recep regeb ragab receb رجب
ramadan ramazan ramzan رمضان
hamza hamzah حمزه
hamad hamed حمد
hamid hamit حميد حامد
nasser nasir naser ناصر
majid macid mecit maged majed ماجد
tariq tarik tarek tareq طارق
salman selman سلمان
salim selim saleem سليم
salem سالم
saleh salih salah صالح
faisal faysal feisal faysel فيصل
fahd fahad فهد
sultan soltan سلطان
tamim temim تميم
turki turky تركي
rashid rashed rasid raschid راشد رشيد
mansour mansur mansoor منصور
nawaf nevaf نواف
badr bedir bader بدر
bakr bekir bakir bakar بكر
dawood davut davud daoud dawud daud داود داوود
idris idriss ادريس
ishaq ishak eshaq اسحاق اسحق
yaqub yakup yakub yaqoub jakub يعقوب
musa moussa mousa موسي
isa eissa issa essa عيسي
yahya yehya يحيي
zakariya zekeriya zakaria زكريا
ilyas elias الياس
haroun harun هارون
murad murat mourad مراد
adnan عدنان
ridwan ridvan radwan رضوان
rida reza riza redha رضا
jafar cafer gaafar jaafar جعفر
kamal kemal kamel كمال كامل
karim kerim kareem كريم
latif lateef لطيف
amin emin ameen امين
amir emir ameer امير
anwar enver anouar انور
ayman eymen aymen ايمن
sami samy سامي
samir semir sameer سمير
walid velid waleed velit وليد
ziad ziyad zeyad زياد
nabil nebil nabeel نبيل
nizar نزار
hisham hisam hesham هشام
hani hany هاني
imad emad عماد
bilal belal بلال
burhan borhan برهان
salah صلاح
nur noor nour نور
leyla layla leila laila ليلي
huda hoda هدي
noura nora nura نوره
moza mozah moza موزه
sara sarah ساره
amina emine aminah amena امينه
nasrin nesrin nasreen نسرين
bashar basar بشار
bashir besir basheer بشير
basel basil bassel باسل
fadel fazil fadil fadhel فاضل
fuad fuat fouad fuad فواد
farid ferit fareed فريد
farouk faruk farooq فاروق
habib حبيب
hatem hatim حاتم
hikmet hikmat حكمت
ihsan ehsan احسان
izzet izzat ezzat عزت
jalal celal galal جلال
lutfi lotfi loutfi لطفي
malik malek مالك
marwan mervan مروان
mazen mazin مازن
mubarak mubarek مبارك
muhsin mohsen mohsin محسن
munir munir mounir منير
nadir nader nadir نادر
naji naci nagi ناجي
nuri noori nouri نوري
rami ramy رامي
rauf raouf rawuf رووف
riyad riad riyadh رياض
sabah صباح
sadiq sadik sadek صادق
shakir sakir shaker شاكر
sharif serif sherif cherif شريف
taha طه
tahir taher طاهر
tawfiq tevfik tewfik taufik توفيق
usama osama usame اسامه
wael vail wail وايل
zayd zeid zeyd zaid زيد
adel adil عادل
akram ekrem اكرم
alaa ala علاء
arif aref عارف
asim asem عاصم
atif atef عاطف
aziz عزيز
fathi fethi فتحي
ghazi gazi غازي
haidar haydar haider حيدر
hilal هلال
jawad cevat cevad gawad جواد
khalil halil خليل
mahdi mehdi mehti مهدي
mujahid mucahit مجاهد
nasim nesim نسيم
qadir kadir qader قادر
rahim rahim rahim رحيم
salam selam سلام
shihab sihab شهاب
suhail suheyl suhayl سهيل
yasin yassin yaseen ياسين
yasir yaser yasser ياسر
younes yunus yunis younis يونس
stephen steven
zehra zahra زهراء
mevlut mawlud مولود
fatih fateh فاتح
ferhat farhad فرهاد
hakki haqqi حقي
nihat nihad نهاد
numan noman نعمان
sukru shukri شكري
tayyip tayyib طيب
zeki zaki زكي
"""
"""Common given names, one a line with its spellings: one of them alone identifies nobody."""

SINGLE_GIVEN_NAMES = """
john david michael peter paul mark james robert thomas anna maria mary william richard george andrew martin daniel
alexander christopher emre can elif burak serkan hakan volkan gokhan erkan erdem onur tolga ozan kaan okan cem cenk
sinan selin merve esra kubra busra ozlem sevgi gul nilufer recai bulent ertugrul ilker kerem metin necmettin oguz
omur sedat suat turgut ugur vedat yavuz yilmaz
"""
"""The same, with one spelling each."""
