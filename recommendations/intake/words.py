"""What reports say in the three languages: the words by which a sentence asks, tells, or names something.

Regular expressions over text without vowel signs, case ignored. In each list the first that is found decides.
"""

import re
from dataclasses import dataclass

MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
"""Vowel signs of Arabic, and the stroke that lengthens a word."""

Rules = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    asks: Rules
    """Strength, and the words that ask."""
    asks_nobody: str
    """Acts of the meeting itself, and what was merely planned: never a recommendation."""
    addressee: tuple[str, ...]
    """Whom a sentence asks: the group `who`."""
    nobody_answers: str
    subjects: str
    """Who says something in reports: never who is asked."""
    headings: Rules
    """What stands under a heading: recommendations, points, skip."""
    kinds: Rules
    """Kind of a point."""
    support: Rules
    claims: Rules
    event_kinds: Rules
    event_verbs: str
    organised: Rules
    """Role, and a phrase with the group `who`."""
    online: str
    mixed: str
    group_size: str
    edition: str
    theme: str
    beside: str
    restricted: str = r"chatham house"
    off_record: str = r"off[- ]the[- ]record"
    split: str = r"\s*[;؛]\s*|,? and (?=(?:urged|called (?:up)?on|called for|recommended|proposed|suggested|encouraged|invited|asked)\b)"
    several: str = r"(?!)"
    """Words that lead into several proposals of one sentence; the group `them`."""
    joined: str = r",\s*(?:and|ve)\s+|\s+and\s+|\s+ve\s+|,\s*"


EN = Words(
    asks=(
        ("key", r"\bkey recommendation|main (?:conclusion|recommendation)|strongly recommend|\bmust\b|imperative (?:to|that|for)"
                r"|\bit is essential (?:to|that|for)|there is an urgent need"),
        ("urged", r"\burge[ds]?\b|call(?:ed|s|ing)? (?:up)?on\b|call(?:ed|s)? for\b|recommend(?:s|ed|ing|ations? (?:is|was|are|to))?\b"
                  r"|\bdemand(?:s|ed)\b|appeal(?:s|ed) to\b|\bshould\b|\bought to\b|needs? to be\b|\b(?:requested|asked|pressed) (?:\w+ ){1,6}to\b"
                  r"|a particular proposal|advocated?\b|(?:it is|was) necessary (?:to|that|for)|needs? to\b|shall\b"),
        ("suggested", r"\bsuggest(?:s|ed|ion|ions)?\b|\bpropos(?:e|es|al|als)\b|(?<!the )(?<!a )\bproposed\b|encourag(?:e|es|ed)\b|\binvit(?:e|es|ed)\b"
                      r"|(?:stress|emphasi[sz]|underlin|underscor|highlight)(?:e|es|ed|ing)? the (?:need|importance|necessity) (?:of|for|to)"
                      r"|could consider|may wish to|would be (?:useful|helpful|desirable) to|need for (?:a |an |more |greater )"),
    ),
    asks_nobody=r"will be published|will publish|outcomes and possible next steps|next (?:meeting|edition|session) will|thank(?:s|ed)\b"
                r"|expressed (?:its|their) (?:gratitude|appreciation)|was invited to (?:speak|attend|deliver)|were invited\b|invited speakers"
                r"|should not be (?:taken|read|attributed)|proposed (?:meeting|conference)|asked (?:whether|how|why|if)\b|called (?:the|a|an|it|this)\b",
    addressee=(
        r"(?:urged?s?|urging|call(?:ed|s|ing)? (?:up)?on|encourag(?:ed?|es|ing)|invit(?:ed?|es|ing)|request(?:ed|s)|asked|pressed|appeal(?:ed|s) to"
        r"|recommend(?:ed|s)?) (?P<who>(?:the )?[^,.;:]{3,90}?) (?:to|not to|should)\b",
        r"(?:recommended|suggested|proposed|urged|asked|demanded|requested|insisted) that (?P<who>(?:the |all |both )?[^,.;:]{3,80}?) (?:should |must )?(?:publish|set|create|establish|adopt|develop|take|open|hold|launch|prepare|review|give|make|join|support|fund|invest|begin|start|continue|strengthen|build|form|organi[sz]e|convene|appoint|draw|share|ensure|provide|be)\b",
        r"(?:^|that |which |, |and )(?P<who>(?:the )?[A-ZİÇŞĞÖÜ][^,.;:()]{1,80}?|(?:the )?(?:two |both |all )?(?:governments?|states|countries|parliaments?"
        r"|ministr(?:y|ies)[^,.;:]{0,40}?|universities|think tanks|institutions|parties|leaders|donors|banks|companies)(?: of [^,.;:]{2,50}?)?) (?:should|must|need to|needs to|ought to)\b",
    ),
    nobody_answers=r"international community|world community|public opinion|everyone|all stakeholders|stakeholders|all parties concerned|humanity",
    subjects=r"participants?|speakers?|they|it|he|she|we|this|that|these|there|panell?ists?|the (?:meeting|conference|forum|report|communiqu[eé]|declaration|dialogue"
             r"|workshop|roundtable|seminar|discussion|session)s?|delegates|experts|one|some|others|many|several|what|more|efforts?|cooperation|dialogue|attention|steps|measures",
    headings=(
        ("skip", r"agenda|programme?\b|schedule|participants?$|list of participants|biograph|speakers?$|glossary|abbreviations|terms$|about (?:the|us)|contact|references|bibliograph|acknowledg|annex|contents|footnotes|disclaimer"),
        ("recommendations", r"recommend|proposals?\b|way forward|next steps|what should|action (?:points|items)|calls? to action|policy options"),
        ("points", r"finding|conclusion|key (?:points|messages|takeaways)|discussion|observations?|summary|debate|main points|takeaways"),
    ),
    kinds=(
        ("definition", r"\b(?:is|was|are) (?:defined|understood|described) as\b|\bmeans\b.{0,20}\bthat\b|\brefers to\b"),
        ("divergence", r"disagree|differ(?:ed|ences? of)|diverg|divided (?:over|on)|no consensus|opinions? (?:varied|differ)|others? (?:argued|held|disputed)|on the other hand"),
        ("caveat", r"^however|caution(?:ed)?|warned|caveat|concern(?:s|ed)?\b|risk(?:s|ed)?\b|although|challenge"),
        ("agreement", r"\bagree(?:d|ment that)|consensus|shared the view|common (?:view|ground)|unanim|broad agreement"),
        ("opportunity", r"opportunit|potential (?:for|to)|prospects?\b|new ideas|openings?\b|room for"),
        ("conclusion", r"conclu(?:ded|sion)|in sum\b|overall\b|key (?:lesson|takeaway|finding)|central\b"),
        ("observation", r"\b(?:note|observe|stress|emphasi[sz]e|highlight|argue|point(?:ed)? out|underline|underscore|state|describe|maintain|mention|remark|explain|express|discuss|recall)(?:d|s|ed)?\b"
                        r"|was marked by|it was (?:said|noted|argued|felt)|participants|speakers|panell?ists"),
    ),
    support=(
        ("consensus", r"consensus|unanim|all participants|everyone agreed|participants agreed"),
        ("broad", r"most participants|broad(?:ly)?|widely|majority|many participants|general(?:ly)? (?:agree|felt)"),
        ("recurring", r"recurr|repeatedly|several (?:participants|speakers|times)|again and again|a number of (?:participants|speakers)"),
        ("one_participant", r"\b(?:one|a|an) (?:participant|speaker|panell?ist|expert|delegate|discussant|diplomat|official|academic|ambassador)\b"),
        ("argued", r"\bargued\b|some (?:participants|speakers)|others\b|contended|disput"),
    ),
    claims=(
        ("forecast", r"\b(?:is|are) (?:likely|expected|set|projected) to\b|\bwill (?:probably|likely)\b"),
        ("denial", r"\bden(?:y|ies|ied)\b|no (?:formal|official) \w+ (?:has|have) been"),
        ("agreement", r"\b(?:signed|ratified|concluded) (?:a|an|the) (?:\w+ ){0,4}(?:agreement|treaty|pact|memorandum|accord)"),
        ("finance", r"(?:US\$|\$|€|£)\s?\d|\b\d[\d.,]* (?:million|billion) (?:dollars|euros|riyals|lira)"),
        ("presence", r"\b(?:troops|forces|personnel|advisers|base)\b.{0,40}\b(?:deployed|stationed|hosts?|serve)\b"),
        ("occurrence", r"\b(?:announced|launched|established|opened|sponsored (?:jointly )?by|inaugurated)\b"),
    ),
    event_kinds=(
        ("roundtable", r"round[- ]?table"), ("strategic_dialogue", r"\bdialogue\b"), ("workshop", r"workshop"),
        ("lecture", r"\blecture\b"), ("briefing", r"\bbriefing\b"),
        ("conference", r"conference|forum|summit|symposium|congress|seminar|\bmeeting\b|colloquium"),
    ),
    event_verbs=r"\bheld\b|took place|convened|organi[sz]ed|hosted|gathered|brought together|met in\b|conclud|attended",
    organised=(
        ("host", r"\bhosted(?: and \w+)? by (?P<who>[^.;]{3,160}?)(?= (?:on|in (?=\d|cooperation|collaboration|partnership)|from|at|under|with|which|to|as|between)\b|[.;]|$)"),
        ("host", r"\b(?:co-)?(?:organi[sz]ed|convened|arranged)(?: jointly| together)?(?: in \w+)? by (?P<who>[^.;]{3,160}?)(?= (?:on|in (?=\d|cooperation|collaboration|partnership)|from|at|under|which|to|as|between|with)\b|[.;]|$)"),
        ("host", r"^(?P<who>(?:The )?[A-Z][^.;]{3,120}?)(?: \([^)]*\))?,? (?:jointly )?(?:co-)?(?:hosted|organi[sz]ed|convened) (?:a|an|the|its|their)\b"),
        ("partner", r"\bin (?:cooperation|collaboration|partnership) with (?P<who>[^.;]{3,120}?)(?= (?:on|in (?=\d)|from|at|under|which|to|as|organi)\b|[.;,]|$)"),
        ("funder", r"\b(?:funded|supported financially|with (?:the )?(?:financial|generous) support of) (?:by )?(?P<who>[^.;,]{3,90}?)(?= (?:on|in|at|to)\b|[.;,]|$)"),
    ),
    online=r"\bonline\b|virtual(?:ly)?|via zoom|webinar|by video", mixed=r"\bhybrid\b|in person and online",
    several=r"\b(?:proposals?|suggestions?|recommendations?|ideas)\b.{0,60}?\b(?:included?|were|are|comprised)\b:?\s+(?P<them>.+)",
    group_size=r"(?P<about>some|about|around|nearly|approximately|almost|over|more than)? ?(?P<number>\b\d{1,4}|\b(?:ten|twelve|fifteen|twenty(?:-five)?|thirty|forty|fifty|sixty|seventy|eighty|ninety)) (?:\w+ ){0,2}?(?:participants|experts|attendees|delegates|scholars|people (?:attended|took part))",
    edition=r"\b(?P<n>\d{1,2})(?:st|nd|rd|th)\b|\b(?P<w>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    theme=r"(?:theme(?: of)?|entitled|titled|under the (?:title|heading|banner))[:,]? [“\"‘'«](?P<theme>[^”\"’»]{5,160})[”\"’»]",
    beside=r"(?:on the (?:sidelines|margins) of|alongside|in parallel with) (?:the )?(?P<name>[A-Z][^,.;]{4,90})",
)  # fmt: skip

TR = Words(
    asks=(
        ("key", r"zorunlu(?:dur|luk)|şart(?:tır)\b|elzem|öncelikle .{0,80}(?:malı|meli)|hayati önem(?:dedir| taşı)"),
        ("urged", r"(?:m[ae]s[ıi]|m[ae]lar[ıi]|m[ae]leri|mes[ıi]|n[ıi]n|l[ıiuü]k)\s+gerek(?:tiği|mekte|ir|li|iyor)|\bgerek(?:tiği|mektedir|ir|lidir|liliği|iyor)\b|\w+(?<!te)(?:malı|meli)(?:dır|dir|lar|ler|yız|yiz)?\b|çağrı(?:da|sında)? ?(?:bulun|yap)|çağrısı|tavsiye (?:edil|etti|ed)|talep (?:edil|etti)|istendi\b|davet (?:edil|etti)"),
        ("suggested", r"öner(?:il|di|mekte|isi|iler|ildi|ilmiştir|mişler)|teklif|teşvik edil|(?:yarar|fayda) (?:var|görül)|önemi(?:ne)? (?:vurgula|dikkat)|(?:ihtiyaç) (?:olduğu|var|duy)|uygun olacağı|faydalı olaca"),
    ),
    asks_nobody=r"teşekkür|dikkatine sunulması|kararlaştırılmıştır|yayımlanacaktır|yayınlanacaktır|bir sonraki .{0,40}(?:yapılacak|düzenlenecek)|oldukça önemli olacaktır|görüşülmüştür",
    addressee=(
        r"(?P<who>[A-ZÇĞİÖŞÜ][\w\s’'\-–]{2,70}?)(?:['’]?(?:y[ae]|[ae]|n[ae]))\s+(?:(?:\w+\s+){0,8}?\w+m[ae]\s+)?(?:çağrı|tavsiye|yönelik çağrı)",
        r"(?P<who>[A-ZÇĞİÖŞÜ][\w’'\-–]+(?:(?: |, | ve | ile )[A-ZÇĞİÖŞÜ][\w’'\-–]+){0,5})(?:['’](?:n[ıiuü]n|[ıiuü]n))\s+[^.;]{5,200}?(?:m[ae]s[ıi]|m[ae]lar[ıi]|m[ae]leri)\s+(?:gerek|öner|iste|tavsiye|talep|çağr)",
        r"^(?P<who>[A-ZÇĞİÖŞÜ]\w+ ülkeleri|Üniversiteler|Hükûmetler|Hükümetler|[A-ZÇĞİÖŞÜ][\w\-–]+(?:(?: | ve | ile )[A-ZÇĞİÖŞÜ][\w\-–]+){0,6}),?\s[^.;]{5,240}?(?:malı|meli)(?:dır|dir|lar|ler)?\b",
    ),
    nobody_answers=r"uluslararası (?:toplum|kamuoyu)\w*|dünya kamuoyu|kamuoyu|herkes|tüm paydaşlar|insanlık",
    subjects=r"katılımcılar?|konuşmacılar?|toplantı(?:da)?|forum(?:da)?|çalıştay(?:da)?|bu|söz konusu|rapor(?:da)?|panelistler|uzmanlar|oturum(?:da)?|ayrıca|son|başta",
    headings=(
        ("skip", r"gündem|program(?:ı)?$|katılımcı(?:lar)?(?: listesi)?$|özgeçmiş|konuşmacılar$|kısaltmalar|sözlük|hakkında|iletişim|kaynakça|ekler|içindekiler|teşekkür"),
        ("recommendations", r"öneri|tavsiye|yapılması gerekenler|eylem|yol haritası|çağrı"),
        ("points", r"tespit|bulgu|sonuç|değerlendirme|tartışma|görüş|özet|ana mesaj"),
    ),
    kinds=(
        ("definition", r"olarak tanımlan|anlamına gel|ifade eder\b"),
        ("divergence", r"görüş ayrılı|farklı görüş|ayrış|mutabakat sağlanama|uzlaşı(?:ya)? varılama|itiraz"),
        ("caveat", r"ancak|bununla birlikte|uyar(?:ıl|dı|ı)|risk|endişe|dikkat çekil|temkin"),
        ("agreement", r"mutabık|mutabakat|görüş birliği|hemfikir|uzlaş|ortak kanaat"),
        ("opportunity", r"fırsat|imk[aâ]n|potansiyel|olanak"),
        ("conclusion", r"sonuç olarak|sonucuna var|önemli olacak|ortaya çıkmış|anlaşıl"),
        ("observation", r"belirtil|ifade edil|vurgula|kaydedil|dile getiril|işaret edil|altı çizil|değerlendiril|söyle|sürmekte|söz konusu|kaydet|belirt|\w+(?:mıştır|miştir|muştur|müştür|mektedir|maktadır)"),
    ),
    support=(
        ("consensus", r"görüş birliği|oy ?birliği|tüm katılımcılar|bütün katılımcılar|mutabakat"),
        ("broad", r"katılımcıların (?:çoğu|büyük)|geniş ölçüde|genel kanaat|çoğunluk"),
        ("recurring", r"sık sık|defalarca|birçok katılımcı|çok sayıda katılımcı|birden fazla"),
        ("one_participant", r"\bbir (?:katılımcı|konuşmacı|uzman|panelist|diplomat|akademisyen|yetkili)\b"),
        ("argued", r"bazı katılımcılar|kimi katılımcılar|öne sür|savun(?:ul|du)|iddia"),
    ),
    claims=(
        ("forecast", r"bekleniyor|beklenmekte|muhtemel|öngörül"),
        ("denial", r"yalanla|doğrulanma"),
        ("agreement", r"anlaşma(?:sı|yı)? imzala|mutabakat muhtırası imzala"),
        ("finance", r"\d[\d.,]* (?:milyon|milyar) (?:dolar|avro|lira|riyal)"),
        ("occurrence", r"açıkladı|ilan etti|duyurdu|kuruldu|açıldı|işbirliğine gidil"),
    ),
    event_kinds=(
        ("roundtable", r"yuvarlak masa"), ("workshop", r"çalıştay"), ("strategic_dialogue", r"diyalo[gğ]"),
        ("lecture", r"konferans konuşması|ders\b"), ("briefing", r"brifing"),
        ("conference", r"konferans|forum|zirve|sempozyum|kongre|panel|toplantı"),
    ),
    event_verbs=r"yapıl(?:mış|dı)|düzenlen(?:miş|di)|gerçekleş(?:tiril|miş|ti)|toplan(?:mış|dı)|bir araya gel|ev sahipliğ|icra edil|tamamlan|katılmış|hazır bulun|temsil edil|izlen|sunum yap|görüşül",
    organised=(
        ("host", r"(?:^|[,;”\"] ?|Forumu,? |Konferansı,? |Toplantısı,? |Çalıştayı,? )(?P<who>[A-ZÇĞİÖŞÜ][^,;.]{3,120}?) tarafından"),
        ("host", r"(?P<who>[A-ZÇĞİÖŞÜ][^,;.]{3,120}?)['’]?(?:n[ıiuü]n|[ıiuü]n) ev sahipliğinde"),
        ("host", r"(?P<who>[A-ZÇĞİÖŞÜ][^;.]{3,140}?) (?:iş ?birliğiyle|iş ?birliği ile|iş ?birliğinde|ortaklığında|ortaklığıyla)"),
        ("funder", r"(?P<who>[A-ZÇĞİÖŞÜ][^,;.]{3,90}?)['’]?(?:n[ıiuü]n|[ıiuü]n) (?:mali|finansal) desteğiyle"),
    ),
    online=r"çevrim ?içi|online|zoom üzerinden|video konferans", mixed=r"hibrit|karma (?:olarak|biçimde)|yüz yüze ve çevrim",
    several=r"(?:öneriler|tavsiyeler)\s+(?:şunlardır|arasında)\s*:?\s*(?P<them>.+)",
    group_size=r"(?P<about>yaklaşık|aşkın|civarında|kadar)? ?(?P<number>\d{1,4})(?:['’]\w+)?(?: aşkın| civarında)? (?:\w+ ){0,2}?(?:katılımcı|uzman|kişi|akademisyen|davetli)",
    edition=r"(?:^|\s)(?P<n>\d{1,2})\.\s(?=[A-ZÇĞİÖŞÜ])|\b(?P<w>birinci|ikinci|üçüncü|dördüncü|beşinci|altıncı|yedinci|sekizinci|dokuzuncu|onuncu)\b",
    theme=r"[“\"‘'«](?P<theme>[^”\"’»]{5,160})[”\"’»] (?:ana )?(?:tema(?:lı|sıyla|sı)|başlı(?:klı|ğıyla)|konulu)",
    beside=r"(?P<name>(?:\d{1,2}\. )?[A-ZÇĞİÖŞÜ][^,;.]{4,80}?) (?:ile )?(?:eş zamanlı|kapsamında|marjında)",
    off_record=r"kayıt dışı",
    split=r"\s*[;؛]\s*",
    joined=r",\s*|\s+ve\s+|\s+ile\s+",
)  # fmt: skip

AR = Words(
    asks=(
        ("key", r"(?:شدد|أكد|اكد|أكدوا|اكدوا|شددوا|أجمع\w*|اتفق\w*)[^.]{0,60}? ضرورة|من الضروري|لا بد من|يجب"),
        ("urged", r"(?:^|[\s،])[وف]?(?:دعا|دعت|دعوا|يدعو|تدعو|حث|حثت|حثوا|يحث|طالب|طالبت|طالبوا|ناشد\w*|أوصى|أوصت|أوصوا|اوصى|اوصت|توصي|يوصي|التوصية|الدعوة إلى|دعوة)\b|ينبغي|على [^.]{3,60} أن "),
        ("suggested", r"(?:^|[\s،])[وف]?(?:اقترح\w*|يقترح|اقتراح|مقترح\w*|شجع\w*|تشجيع|نصح\w*)|(?:أكد|اكد|أكدوا|اكدوا|شدد\w*|أبرز\w*|أشار\w* إلى)[^.]{0,40}? (?:أهمية|اهمية|الحاجة)|ضرورة|الحاجة إلى|من المهم"),
    ),
    asks_nobody=r"شكر|تقدم\w* بالشكر|سينشر|ستنشر|أعلن|اعلن|وجه\w* الدعوة إلى الحضور",
    addressee=(
        r"(?:^|[\s،])[وف]?(?:دعا|دعت|دعوا|يدعو|تدعو|حث|حثت|حثوا|يحث|طالب|طالبت|طالبوا|ناشد\w*|أوصى|أوصت|أوصوا|شجع\w*) (?:(?:المشاركون|المجتمعون|المؤتمر(?:ون)?|البيان(?: الختامي)?(?: للمؤتمر| للمنتدى)?|المنتدى|الحضور|المتحدثون|الندوة|التقرير|الملتقى|اللقاء|المتحاورون|الخبراء)\s+)?(?P<who>(?!ب|إلى |على |في )[^.،؛:]{3,110}?) (?:إلى|الى|على|بأن|أن|ب(?=\w{3}))",
        r"(?:ينبغي|يجب) (?:على|ل)\s?(?P<who>[^.،؛:]{3,80}?) أن ",
        r"(?:^|[\s،])على (?P<who>[^.،؛:]{3,70}?) أن ",
    ),
    nobody_answers=r"المجتمع الدولي|الرأي العام|جميع الأطراف|الجميع|الإنسانية",
    subjects=r"المشارك(?:ون|ين)|المجتمع(?:ون|ين)|المؤتمر(?:ون|ين)?|البيان.*|المنتدى|الحضور|المتحدث(?:ون|ين)|الندوة|التقرير|اللقاء|الملتقى|الخبراء",
    headings=(
        ("skip", r"جدول الأعمال|البرنامج|برنامج|المشاركون$|قائمة المشاركين|السيرة|المتحدثون$|المختصرات|المصطلحات|عن المركز|للتواصل|المراجع|الملاحق|المحتويات"),
        ("recommendations", r"توصيات|التوصيات|مقترحات|المقترحات|خطوات|الدعوات"),
        ("points", r"نتائج|النتائج|خلاصات|الخلاصة|استنتاجات|المناقشات|أبرز|محاور|ملخص"),
    ),
    kinds=(
        ("definition", r"يقصد ب|يعرف بأنه|تعريف"),
        ("divergence", r"اختلف|تباين|خلاف|لم يتفق|تباينت الآراء"),
        ("caveat", r"غير أن|لكن|إلا أن|حذر|تحذير|مخاوف|قلق|تحدي"),
        ("agreement", r"اتفق|إجماع|توافق|أجمع"),
        ("opportunity", r"فرص|إمكان|آفاق"),
        ("conclusion", r"خلص|استنتج|في الختام|وختاما"),
        ("observation", r"أشار|اشار|أكد|اكد|لاحظ|رأى|ذكر|أوضح|اوضح|أعرب|اعرب|نوه|أضاف|بين|استعرض|ناقش|تناول|المشاركون|المجتمعون"),
    ),
    support=(
        ("consensus", r"إجماع|بالإجماع|جميع المشاركين|اتفق المشاركون"),
        ("broad", r"معظم المشاركين|أغلب|غالبية|على نطاق واسع"),
        ("recurring", r"تكرر|مرارا|عدد من المشاركين|أكثر من مشارك"),
        ("one_participant", r"أحد (?:المشاركين|المتحدثين|الخبراء)|إحدى (?:المشاركات|المتحدثات)"),
        ("argued", r"بعض المشاركين|زعم|جادل"),
    ),
    claims=(
        ("forecast", r"من المتوقع|من المرجح|يتوقع"),
        ("denial", r"(?:^|\s)[وف]?(?:نفى|نفت|نفوا)\b"),
        ("agreement", r"وقع\w* .{0,40}(?:اتفاق|مذكرة|معاهدة)"),
        ("finance", r"\d[\d.,]* (?:مليون|مليار)"),
        ("occurrence", r"أعلن|اعلن|أنشئ|تأسس|افتتح|إنشاء"),
    ),
    event_kinds=(
        ("roundtable", r"طاولة مستديرة|مائدة مستديرة|الطاولة المستديرة|المائدة المستديرة"), ("workshop", r"ورشة"),
        ("lecture", r"محاضرة"), ("briefing", r"إحاطة"), ("strategic_dialogue", r"الحوار الاستراتيجي|حوار استراتيجي|ملتقى الحوار"),
        ("conference", r"مؤتمر|منتدى|ندوة|ملتقى|قمة|اجتماع|حوار"),
    ),
    event_verbs=r"عقد|انعقد|نظم|استضاف|أقيم|اقيم|اختتم|شهدت|التأم|أعلن|البيان الختامي|احتضنت",
    organised=(
        ("host", r"(?:و?نظمها|و?نظمه|و?نظمته|و?نظمتها|ينظمه|تنظمه|الذي نظمه|الذي نظمته|التي نظمها|التي نظمتها|أقامه|عقده|عقدته) (?P<who>[^.،؛]{3,110}?)(?= (?:في|يوم|بتاريخ|بالتعاون|تحت|بحضور|بمشاركة|أمس|بعنوان|حول)\b|[.،؛]|$)"),
        ("host", r"(?:^|[\s،])(?:نظم|نظمت|عقد|عقدت|استضاف|استضافت) (?P<who>(?:مركز|معهد|جامعة|وزارة|مؤسسة|مجلس|جمعية|منتدى)[^.،؛]{2,90}?)(?= (?:في|يوم|بتاريخ|بالتعاون|ندوة|مؤتمر|ورشة|لقاء|اجتماع|حلقة|مائدة|طاولة)\b|[.،؛]|$)"),
        ("host", r"(?:بتنظيم من|من تنظيم|باستضافة) (?P<who>[^.،؛]{3,110}?)(?= (?:في|يوم|بتاريخ|بالتعاون|تحت|بحضور)\b|[.،؛]|$)"),
        ("partner", r"بالتعاون (?:مع|بين) (?P<who>[^.،؛]{3,110}?)(?= (?:في|يوم|بتاريخ|تحت|بحضور|بمشاركة)\b|[.،؛]|$)"),
    ),
    online=r"عبر الإنترنت|افتراضي|عن بعد|عبر تقنية", mixed=r"حضوري وافتراضي|حضوريا وافتراضيا|هجين",
    several=r"(?:التوصيات|المقترحات|مقترحات)[^.]{0,40}?(?:تشمل|شملت|منها|ما يلي)\s*:?\s*(?P<them>.+)",
    group_size=r"(?P<about>نحو|حوالي|زهاء|قرابة|أكثر من)? ?(?P<number>[\d٠-٩]{1,4}) (?:مشارك|خبير|باحث|شخص|ضيف)",
    edition=r"(?:الدورة|النسخة|نسخته|دورته|المؤتمر|المنتدى|الحوار|الملتقى) (?P<w>الأولى|الاولى|الثانية|الثالثة|الرابعة|الخامسة|السادسة|السابعة|الثامنة|التاسعة|العاشرة|الأول|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع|العاشر)(?P<n>(?!))?",
    theme=r"(?:تحت (?:شعار|عنوان)|بعنوان|حول موضوع) [«\"“](?P<theme>[^»\"”]{5,160})[»\"”]",
    beside=r"على هامش (?P<name>[^.،؛]{4,80})",
    restricted=r"chatham house|تشاتام هاوس",
    off_record=r"غير قابل للنشر",
    split=r"\s*؛\s*|،?\s+(?=و(?:حث|حثت|حثوا|اقترح|اقترحت|اقترحوا|طالب|طالبت|طالبوا|أوصى|أوصت|أوصوا|ناشد|دعا|دعت|دعوا)\s)|،\s+(?=وأكدوا?\s)",
    joined=r"،\s*|\s+و(?=\S{3})",
)  # fmt: skip

WORDS = {"en": EN, "tr": TR, "ar": AR}

ORDINALS = {
    name: number
    for names in (
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci dokuzuncu onuncu",
        "الأولى الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة",
        "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر",
    )
    for number, name in enumerate(names.split(), start=1)
}
NUMBERS = {
    name: number
    for number, name in (
        (10, "ten"), (12, "twelve"), (15, "fifteen"), (20, "twenty"), (25, "twenty-five"), (30, "thirty"), (40, "forty"),
        (50, "fifty"), (60, "sixty"), (70, "seventy"), (80, "eighty"), (90, "ninety"),
    )
}  # fmt: skip
