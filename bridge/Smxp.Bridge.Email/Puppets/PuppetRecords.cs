using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>
/// What is remembered of puppets, in place of the mailbox that their people have elsewhere, per person: <c>pair</c> (to whom somebody has written), <c>in</c> (unique; a mail that comes again is
/// not sent on again), <c>msg</c> (a message, as the mail it is on the other side), <c>mid</c> (which message a Message-ID is), <c>last</c> (what an answer that names nothing but the
/// conversation answers) and, by message, <c>arrival</c> (whom to tell when it fails). Names that strangers choose appear as hashes.
/// </summary>
internal sealed class PuppetRecords(IBridgeState state)
{
    private const int LongestId = 64;

    /// <summary>The records of a mail that goes on to SMXP.</summary>
    public static IReadOnlyList<BridgeRecord> Incoming(PuppetPair pair, MailIdentity identity, PuppetMail mail, PuppetArrival arrival) =>
    [
        Arrived(pair.Person, identity),
        Record(MessageKey(pair.Person, "{id}"), mail.Write()),
        Record($"{MessageIdPrefix(pair.Person, mail.MessageId)}{{id}}", []),
        Record(LastKey(pair, mail.ConversationId), Encoding.UTF8.GetBytes(mail.MessageId)),
        Record(ArrivalKey("{id}"), arrival.Write()),
    ];

    /// <summary>The record that makes a mail that comes again a duplicate.</summary>
    public static BridgeRecord Arrived(Address person, MailIdentity identity) => Record(ArrivedKey(person, identity), [], isUnique: true);

    /// <summary>The record that makes a failure be told once.</summary>
    public static BridgeRecord Told(string id) => Record($"puppet/told/{id}", [], isUnique: true);

    /// <summary>The record that makes it be told once that a message waits for the operator.</summary>
    public static BridgeRecord ToldOfParking(string id) => Record($"puppet/parked/{id}", [], isUnique: true);

    public async Task<bool> HasArrivedAsync(Address person, MailIdentity identity, CancellationToken cancellationToken) =>
        await GetAsync(ArrivedKey(person, identity), cancellationToken) is not null;

    /// <summary>Writes records that commit with nothing else; nothing where a unique one exists.</summary>
    public Task PutAsync(IReadOnlyList<BridgeRecord> written, CancellationToken cancellationToken) => state.PutAsync(written, cancellationToken);

    /// <summary>Remembers a message that leaves as mail.</summary>
    public async Task PutSentAsync(PuppetPair pair, string id, PuppetMail mail, CancellationToken cancellationToken)
    {
        bool isFirst = await GetAsync(LastKey(pair, mail.ConversationId), cancellationToken) is null;
        BridgeRecord[] records =
        [
            Record(PairKey(pair), []),
            Record(MessageKey(pair.Person, id), mail.Write()),
            Record($"{MessageIdPrefix(pair.Person, mail.MessageId)}{id}", []),
        ];
        await state.PutAsync(isFirst ? [.. records, Record(LastKey(pair, mail.ConversationId), Encoding.UTF8.GetBytes(mail.MessageId))] : records, cancellationToken);
    }

    /// <summary>Whether the person has written to the correspondent.</summary>
    public async Task<bool> AreAcquaintedAsync(PuppetPair pair, CancellationToken cancellationToken) => await GetAsync(PairKey(pair), cancellationToken) is not null;

    /// <summary>Whether the person has written to anybody.</summary>
    public async Task<bool> IsKnownAsync(Address person, CancellationToken cancellationToken) =>
        (await state.ListAsync(EmailBridge.BridgeName, null, PairPrefix(person), after: null, limit: 1, cancellationToken)).Count > 0;

    /// <summary>A message of a person, by its id; null where it did not go through here.</summary>
    public async Task<PuppetMail?> FindAsync(Address person, string id, CancellationToken cancellationToken) =>
        id.Length <= LongestId && await GetAsync(MessageKey(person, id), cancellationToken) is { } value ? PuppetMail.Read(value) : null;

    /// <summary>The id of the message that a Message-ID is to a person; null where it did not go through here.</summary>
    public async Task<string?> IdOfAsync(Address person, string messageId, CancellationToken cancellationToken)
    {
        string prefix = MessageIdPrefix(person, messageId);
        return await state.ListAsync(EmailBridge.BridgeName, null, prefix, after: null, limit: 1, cancellationToken) is [var record, ..] ? record.Key[prefix.Length..] : null;
    }

    /// <summary>What the person last received from the correspondent in a conversation, or else first sent him.</summary>
    public async Task<PuppetMail?> LastAsync(PuppetPair pair, string conversationId, CancellationToken cancellationToken) =>
        await GetAsync(LastKey(pair, conversationId), cancellationToken) is { } messageId
        && await IdOfAsync(pair.Person, Encoding.UTF8.GetString(messageId), cancellationToken) is { } id
            ? await FindAsync(pair.Person, id, cancellationToken)
            : null;

    public async Task<PuppetArrival?> ArrivalOfAsync(string id, CancellationToken cancellationToken) =>
        id.Length <= LongestId && await GetAsync(ArrivalKey(id), cancellationToken) is { } value ? PuppetArrival.Read(value) : null;

    private Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => state.GetAsync(EmailBridge.BridgeName, null, key, cancellationToken);

    private static BridgeRecord Record(string key, byte[] value, bool isUnique = false) => new(EmailBridge.BridgeName, null, key, value, isUnique);

    private static string PairPrefix(Address person) => $"puppet/pair/{Hash(person.ToString())}/";

    private static string PairKey(PuppetPair pair) => PairPrefix(pair.Person) + Hash(pair.Correspondent.ToString());

    private static string ArrivedKey(Address person, MailIdentity identity) => $"puppet/in/{Hash(person.ToString())}/{Hash(identity.MessageId)}/{identity.ContentHash}";

    private static string MessageKey(Address person, string id) => $"puppet/msg/{Hash(person.ToString())}/{id}";

    private static string MessageIdPrefix(Address person, string messageId) => $"puppet/mid/{Hash(person.ToString())}/{Hash(messageId)}/";

    private static string LastKey(PuppetPair pair, string conversationId) => $"puppet/last/{Hash(pair.Person.ToString())}/{Hash($"{pair.Correspondent}\n{conversationId}")}";

    private static string ArrivalKey(string id) => $"puppet/arrival/{id}";

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
