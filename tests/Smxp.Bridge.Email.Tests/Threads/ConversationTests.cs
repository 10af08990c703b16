using CsCheck;
using Smxp.Bridge.Email.Tests.Mapping;
using Smxp.Bridge.Email.Threads;

namespace Smxp.Bridge.Email.Tests.Threads;

public sealed class ConversationTests
{
    [Fact]
    public void Puts_a_thread_into_one_conversation_in_any_order()
    {
        string[] mails =
        [
            "Message-ID: <1@x>\r\n",
            "Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\n",
            "Message-ID: <3@x>\r\nIn-Reply-To: <2@x>\r\nReferences: <1@x>\r\n <2@x>\r\n",
            "Message-ID: <4@x>\r\nReferences: <1@x> <2@x> <3@x>\r\n",
        ];
        var conversations = mails.Select(static headers => MailReaderTests.Read($"From: bob@peer.test\r\n{headers}\r\nHi"))
            .Select(static draft => ConversationIds.OfRoot(draft.Thread.Root ?? draft.MessageId!));
        Assert.Single(conversations.Distinct());
    }

    [Fact]
    public void Makes_a_version_5_uuid_that_never_changes() => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", ConversationIds.OfRoot("1@x"));

    [Theory]
    [InlineData("5ik_7Fc8f8p86W6QJbdPa-t2fvn8SM4xMv6qDVsG0kE@example.test", "5ik_7Fc8f8p86W6QJbdPa-t2fvn8SM4xMv6qDVsG0kE")]
    [InlineData("5ik_7Fc8f8p86W6QJbdPa-t2fvn8SM4xMv6qDVsG0k@example.test", null)]
    [InlineData("5ik.7Fc8f8p86W6QJbdPa-t2fvn8SM4xMv6qDVsG0kE@example.test", null)]
    [InlineData("", null)]
    public void Knows_its_own_message_ids(string messageId, string? id) => Assert.Equal(id, MessageIds.MessageOf(messageId));
}
